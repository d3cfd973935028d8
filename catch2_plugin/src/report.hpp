// Failures as Catch2 has them.
#ifndef MIRAKURU_CATCH2_PLUGIN_SRC_REPORT_HPP_
#define MIRAKURU_CATCH2_PLUGIN_SRC_REPORT_HPP_

#include <vector>

#include "mirakuru/service.hpp"

namespace mirakuru::catch2::detail {

// Failures of the current test case. To be called between the begin and the end of its outermost
// section: at any other time Catch2's reporters crash.
void report(const std::vector<plugin::Failure>& failures);

// The same, and ends the current pass through the test case where there is one, by an exception
// that Catch2 knows.
void report_and_leave(const std::vector<plugin::Failure>& failures);

// Failures that came to light when no test case could take them any more. They are told on stderr,
// and the program does not exit with 0.
void fail_the_program(const std::vector<plugin::Failure>& failures);

}  // namespace mirakuru::catch2::detail

#endif  // MIRAKURU_CATCH2_PLUGIN_SRC_REPORT_HPP_
