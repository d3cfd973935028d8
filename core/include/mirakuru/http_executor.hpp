// HTTPExecutor: ready when an HTTP request (by default HEAD) gets the expected status (by default
// 2xx).
#ifndef MIRAKURU_HTTP_EXECUTOR_HPP_
#define MIRAKURU_HTTP_EXECUTOR_HPP_

#include <string>
#include <type_traits>
#include <utility>

#include "mirakuru/executor.hpp"
#include "mirakuru/export.hpp"

namespace mirakuru {

class MIRAKURU_EXPORT HTTPExecutor : public Executor {
 public:
  HTTPExecutor(Command command, const HttpCheck& check, Options options = {});
  // A template, so that an argument in braces is always an HttpCheck.
  template <typename Text, typename = std::enable_if_t<std::is_convertible_v<Text, std::string>>>
  HTTPExecutor(Command command, const Text& url, Options options = {})
      : HTTPExecutor(std::move(command), HttpCheck{std::string(url)}, std::move(options)) {}

  // With placeholders filled in.
  std::string url() const;

 private:
  std::string url_;
};

}  // namespace mirakuru

#endif  // MIRAKURU_HTTP_EXECUTOR_HPP_
