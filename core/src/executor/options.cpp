#include "mirakuru/options.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/text.hpp"
#include "executor/options_validation.hpp"

namespace mirakuru {

Stream::Stream(Kind kind, std::uint64_t limit, std::string path)
    : kind_(kind), limit_(limit), path_(std::move(path)) {}

namespace {
constexpr std::uint64_t kSmallestLimit = 64 * 1024;
}

Stream Stream::capture(std::uint64_t limit) {
  return Stream(Kind::capture, std::max(limit, kSmallestLimit));
}
Stream Stream::terminal(std::uint64_t limit) {
  return Stream(Kind::terminal, std::max(limit, kSmallestLimit));
}
Stream Stream::inherit() { return Stream(Kind::inherit); }
Stream Stream::null() { return Stream(Kind::null); }
Stream Stream::file(std::string path) {
  if (path.empty()) throw std::invalid_argument("Stream::file: the file name is empty");
  return Stream(Kind::file, 0, std::move(path));
}
Stream Stream::to_stdout() { return Stream(Kind::to_stdout); }
Stream Stream::pipe() { return Stream(Kind::pipe); }

namespace detail {
namespace {

void refuse(bool wrong, const std::string& name, const std::string& what) {
  if (wrong) throw std::invalid_argument(absl::StrCat(name, ": ", what));
}

void validate_signal(const std::string& name, const char* option, int signal) {
  refuse(signal < 1 || signal > SIGRTMAX, name,
         absl::StrCat(option, ": ", signal, " is not a signal"));
}

}  // namespace

void validate_options(const Options& options, const std::string& name) {
  using Kind = Stream::Kind;
  refuse(options.start_timeout.count() <= 0, name,
         absl::StrCat("start_timeout: ", options.start_timeout.count(),
                      " ms is not positive (use mirakuru::forever for no limit)"));
  refuse(options.stop_timeout.count() < 0, name,
         absl::StrCat("stop_timeout: ", options.stop_timeout.count(), " ms is negative"));
  validate_signal(name, "stop_signal", options.stop_signal);
  validate_signal(name, "kill_signal", options.kill_signal);
  refuse(options.start_attempts.value_or(1) < 1, name,
         absl::StrCat("start_attempts: ", options.start_attempts.value_or(1), " is less than 1"));
  for (const auto& [variable, value] : options.env) {
    refuse(variable.empty() || variable.find('=') != std::string::npos ||
               variable.find('\0') != std::string::npos,
           name, absl::StrCat("env: '", readable(variable), "' is not a variable's name"));
    refuse(value.find('\0') != std::string::npos, name,
           absl::StrCat("env: the value of ", variable, " holds a NUL character"));
  }
  const Kind in = options.std_in.kind();
  refuse(in != Kind::pipe && in != Kind::null && in != Kind::inherit && in != Kind::file, name,
         "std_in: can be a pipe, null, inherit or a file");
  const Kind out = options.std_out.kind();
  refuse(out == Kind::pipe || out == Kind::to_stdout, name,
         "std_out: can be capture, terminal, inherit, null or a file");
  refuse(options.std_err.kind() == Kind::pipe, name,
         "std_err: can be capture, terminal, inherit, null, a file or to_stdout");
}

}  // namespace detail
}  // namespace mirakuru
