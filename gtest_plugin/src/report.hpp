// Failures as GoogleTest has them.
#ifndef MIRAKURU_GTEST_PLUGIN_SRC_REPORT_HPP_
#define MIRAKURU_GTEST_PLUGIN_SRC_REPORT_HPP_

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "mirakuru/service.hpp"

namespace mirakuru::gtest::detail {

// `text` without the mark by which ctest takes a test for skipped: gtest_discover_tests() has it
// look for "[  SKIPPED ]" in the output, and a service may print anything.
std::string without_skip_mark(std::string text);

void report(const plugin::Failure& failure, testing::TestPartResult::Type type);
void report(const std::vector<plugin::Failure>& failures, testing::TestPartResult::Type type);

// While it lives, a failure is only taken down: GoogleTest can be told to throw at a failure, which
// ends the whole run where it comes from a listener, or to stop in a debugger.
class OnlyTakeDown {
 public:
  OnlyTakeDown();
  ~OnlyTakeDown();
  OnlyTakeDown(const OnlyTakeDown&) = delete;
  OnlyTakeDown& operator=(const OnlyTakeDown&) = delete;

 private:
  const bool throw_on_failure_;
  const bool break_on_failure_;
};

}  // namespace mirakuru::gtest::detail

#endif  // MIRAKURU_GTEST_PLUGIN_SRC_REPORT_HPP_
