// One HTTP request of an HttpCheck, by libcurl, driven by our own wait loop: so the end of the
// service is noticed in the middle of a request too.
#ifndef MIRAKURU_CORE_SRC_CHECKS_HTTP_REQUEST_HPP_
#define MIRAKURU_CORE_SRC_CHECKS_HTTP_REQUEST_HPP_

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

// Throws std::invalid_argument that shows the URL as it was `given`.
Url parse_url(const std::string& text, const std::string& given);

class HttpRequest {
 public:
  // `url` is the check's, placeholders filled in; `address` the one, as a number, at which its host
  // is to be asked; empty where it goes over a unix socket.
  HttpRequest(const HttpCheck& check, const ProbeContext& context, const Url& url,
              const std::string& address);
  ~HttpRequest();
  HttpRequest(const HttpRequest&) = delete;
  HttpRequest& operator=(const HttpRequest&) = delete;

  // Goes as far as it can. True: it is over.
  bool advance();
  void wait_on(WaitSet& set) const;

  // Once it is over: the status that was answered, 0 where there was no answer; and in words.
  int status() const;
  std::string answer() const;

 private:
  class Transfer;

  std::unique_ptr<Transfer> transfer_;
};

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_CHECKS_HTTP_REQUEST_HPP_
