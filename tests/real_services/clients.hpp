// Clients that try only once, like a test immediately after start().
#ifndef MIRAKURU_TESTS_REAL_SERVICES_CLIENTS_HPP_
#define MIRAKURU_TESTS_REAL_SERVICES_CLIENTS_HPP_

#include <string>
#include <vector>

#include "support/sockets.hpp"

namespace mirakuru::tests {

// A text protocol with a server on 127.0.0.1. Throws std::runtime_error if the server does not
// answer.
class Conversation {
 public:
  explicit Conversation(int port);

  void say(const std::string& text);
  // The next lines, including CRLF.
  std::string lines(int count);

 private:
  Socket socket_;
};

// The body of the answer to a GET. Throws std::runtime_error if there is none, or not with status
// 200.
std::string HttpGet(const std::string& url);

// The output of a client program. Throws std::runtime_error if it does not exit with 0.
std::string OutputOf(const std::vector<std::string>& words);

}  // namespace mirakuru::tests

#endif  // MIRAKURU_TESTS_REAL_SERVICES_CLIENTS_HPP_
