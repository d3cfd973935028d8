// Environment variables: setting one for a scope, and those that configure the tests.
#ifndef MIRAKURU_TESTS_SUPPORT_ENVIRONMENT_HPP_
#define MIRAKURU_TESTS_SUPPORT_ENVIRONMENT_HPP_

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <sstream>
#include <string>
#include <utility>

namespace mirakuru::tests {

class ScopedVariable {
 public:
  ScopedVariable(std::string name, const std::string& value) : name_(std::move(name)) {
    if (const char* old = std::getenv(name_.c_str())) old_ = old;
    setenv(name_.c_str(), value.c_str(), 1);
  }
  ~ScopedVariable() {
    if (old_) {
      setenv(name_.c_str(), old_->c_str(), 1);
    } else {
      unsetenv(name_.c_str());
    }
  }
  ScopedVariable(const ScopedVariable&) = delete;
  ScopedVariable& operator=(const ScopedVariable&) = delete;

 private:
  std::string name_;
  std::optional<std::string> old_;
};

// The factor for timeouts (MIRAKURU_TIMEOUT_SCALE, for sanitizers).
inline double TimeoutScale() {
  const char* scale = std::getenv("MIRAKURU_TIMEOUT_SCALE");
  return scale == nullptr ? 1.0 : std::strtod(scale, nullptr);
}

// The factor for repetitions of tests that need many of them (MIRAKURU_TEST_SCALE).
inline int TestScale() {
  const char* scale = std::getenv("MIRAKURU_TEST_SCALE");
  return scale == nullptr ? 1 : std::atoi(scale);
}

// A scaled timeout as in messages: "300 ms".
inline std::string InWords(std::chrono::milliseconds timeout) {
  const double milliseconds = std::ceil(static_cast<double>(timeout.count()) * TimeoutScale());
  std::ostringstream text;
  if (milliseconds < 1000) {
    text << milliseconds << " ms";
  } else {
    text << milliseconds / 1000 << " s";
  }
  return text.str();
}

}  // namespace mirakuru::tests

#endif  // MIRAKURU_TESTS_SUPPORT_ENVIRONMENT_HPP_
