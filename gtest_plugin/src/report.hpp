// Reports failures to GoogleTest.
#ifndef MIRAKURU_GTEST_PLUGIN_SRC_REPORT_HPP_
#define MIRAKURU_GTEST_PLUGIN_SRC_REPORT_HPP_

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "mirakuru/service.hpp"

namespace mirakuru::gtest::detail {

// `text` without "[  SKIPPED ]", which a service may print: gtest_discover_tests() makes ctest take
// a test with this text in its output for skipped.
std::string without_skip_mark(std::string text);

void report(const plugin::TestFailure& failure, testing::TestPartResult::Type type);
void report(const std::vector<plugin::TestFailure>& failures, testing::TestPartResult::Type type);

// During its lifetime, failures are only recorded. By --gtest_throw_on_failure, GoogleTest throws
// at a failure, which ends the whole run if it is thrown from a listener; by
// --gtest_break_on_failure, it stops in a debugger.
class OnlyRecordFailures {
 public:
  OnlyRecordFailures();
  ~OnlyRecordFailures();
  OnlyRecordFailures(const OnlyRecordFailures&) = delete;
  OnlyRecordFailures& operator=(const OnlyRecordFailures&) = delete;

 private:
  const bool throw_on_failure_;
  const bool break_on_failure_;
};

}  // namespace mirakuru::gtest::detail

#endif  // MIRAKURU_GTEST_PLUGIN_SRC_REPORT_HPP_
