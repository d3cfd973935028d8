// Matchers for the output of ctest.
#ifndef MIRAKURU_TESTS_SUPPORT_CTEST_SAYS_HPP_
#define MIRAKURU_TESTS_SUPPORT_CTEST_SAYS_HPP_

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "support/run_program.hpp"

namespace mirakuru::tests {

// For a Finished ctest: it failed, reports each of these tests as failed, and none as skipped.
MATCHER_P(SaysFailed, tests, "") {
  *result_listener << "it ended with " << arg.exit_code << ":\n" << arg.text;
  if (arg.exit_code != 8 || arg.text.find("***Skipped") != std::string::npos) return false;
  for (const std::string& test : std::vector<std::string>(tests)) {
    if (!testing::Value(arg.text, testing::ContainsRegex(test + " \\.*\\*+Failed"))) return false;
  }
  return true;
}

}  // namespace mirakuru::tests

#endif  // MIRAKURU_TESTS_SUPPORT_CTEST_SAYS_HPP_
