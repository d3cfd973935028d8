// One HTTP request of an HttpCheck, made with libcurl but driven by our own wait loop: so the end
// of the service is noticed during a request too.
#ifndef MIRAKURU_CORE_SRC_CHECKS_HTTP_REQUEST_HPP_
#define MIRAKURU_CORE_SRC_CHECKS_HTTP_REQUEST_HPP_

#include <chrono>
#include <memory>
#include <string>

#include "base/waiting.hpp"
#include "checks/probe.hpp"
#include "mirakuru/check.hpp"

namespace mirakuru::detail {

struct Url {
  std::string text;
  std::string host;  // without brackets
  std::string port;
};

// Throws std::invalid_argument that shows the URL as the user gave it (`given`).
Url parse_url(const std::string& text, const std::string& given);

class HttpRequest {
 public:
  // `url` is the check's, with placeholders filled in; `address` is the numeric address at which to
  // ask its host, empty for a request over a unix socket.
  HttpRequest(const HttpCheck& check, const ProbeContext& context, const Url& url,
              const std::string& address);
  ~HttpRequest();
  HttpRequest(const HttpRequest&) = delete;
  HttpRequest& operator=(const HttpRequest&) = delete;

  // Proceeds as far as possible without waiting. True when the request is over.
  bool advance();
  void wait_on(WaitSet& set) const;

  // How long it has been under way.
  std::chrono::milliseconds duration() const;
  // Once it is over: the status of the response, 0 if there was none; and the same in words.
  int status() const;
  std::string answer() const;

 private:
  class Transfer;

  const Clock::time_point begin_ = Clock::now();
  std::unique_ptr<Transfer> transfer_;
};

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_CHECKS_HTTP_REQUEST_HPP_
