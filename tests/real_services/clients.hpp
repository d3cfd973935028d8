// Clients that try once: what they meet is what a test meets right after start().
#ifndef MIRAKURU_TESTS_REAL_SERVICES_CLIENTS_HPP_
#define MIRAKURU_TESTS_REAL_SERVICES_CLIENTS_HPP_

#include <string>
#include <vector>

#include "support/sockets.hpp"

namespace mirakuru::tests {

// A conversation in text with a server on 127.0.0.1. Throws std::runtime_error where the server
// does not take part.
class Conversation {
 public:
  explicit Conversation(int port);

  void say(const std::string& text);
  // The next lines, with their CRLFs.
  std::string lines(int count);

 private:
  Socket socket_;
};

// The body that a GET is answered with; throws std::runtime_error where it is not, or not by 200.
std::string HttpGet(const std::string& url);

// What a client program prints; throws std::runtime_error where it does not exit with 0.
std::string OutputOf(const std::vector<std::string>& words);

}  // namespace mirakuru::tests

#endif  // MIRAKURU_TESTS_REAL_SERVICES_CLIENTS_HPP_
