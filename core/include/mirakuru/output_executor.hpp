// OutputExecutor: ready when the process prints the banner (a regular expression, RE2 syntax).
#ifndef MIRAKURU_OUTPUT_EXECUTOR_HPP_
#define MIRAKURU_OUTPUT_EXECUTOR_HPP_

#include <string>
#include <type_traits>
#include <utility>

#include "mirakuru/executor.hpp"
#include "mirakuru/export.hpp"

namespace mirakuru {

class MIRAKURU_EXPORT OutputExecutor : public Executor {
 public:
  OutputExecutor(Command command, const OutputCheck& check, Options options = {});
  // A template, so that an argument in braces is always an OutputCheck.
  template <typename Text, typename = std::enable_if_t<std::is_convertible_v<Text, std::string>>>
  OutputExecutor(Command command, const Text& banner, Options options = {})
      : OutputExecutor(std::move(command), OutputCheck{std::string(banner)}, std::move(options)) {}
};

}  // namespace mirakuru

#endif  // MIRAKURU_OUTPUT_EXECUTOR_HPP_
