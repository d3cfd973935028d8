// Reports failures to Catch2.
#ifndef MIRAKURU_CATCH2_PLUGIN_SRC_REPORT_HPP_
#define MIRAKURU_CATCH2_PLUGIN_SRC_REPORT_HPP_

#include <vector>

#include "mirakuru/service.hpp"

namespace mirakuru::catch2::detail {

// Reports failures of the current test case. Call it only between the start and the end of the
// outermost section: at any other time Catch2's reporters crash.
void report(const std::vector<plugin::TestFailure>& failures);

// The same, and then leaves the test case by the exception that Catch2 throws for FAIL. Does
// nothing if there are no failures.
void report_and_throw(const std::vector<plugin::TestFailure>& failures);

// For failures after the last test case: prints them to stderr, and makes the program exit with a
// failure.
void fail_program(const std::vector<plugin::TestFailure>& failures);

}  // namespace mirakuru::catch2::detail

#endif  // MIRAKURU_CATCH2_PLUGIN_SRC_REPORT_HPP_
