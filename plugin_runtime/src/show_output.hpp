// MIRAKURU_SHOW_OUTPUT=failure|always|never: when the output of services is shown after a test.
#ifndef MIRAKURU_PLUGIN_RUNTIME_SRC_SHOW_OUTPUT_HPP_
#define MIRAKURU_PLUGIN_RUNTIME_SRC_SHOW_OUTPUT_HPP_

#include <cstdint>
#include <string>

#include "mirakuru/output.hpp"

namespace mirakuru::detail {

enum class ShowOutput { failure, always, never };

// `failure` if the variable is not set, or if its value is invalid, which logs a warning.
ShowOutput show_output();

// What was printed since the mark, with control characters escaped, indented below a line with
// `title`; empty if nothing was printed. If it is long, the beginning is left out, and the title
// says how much.
std::string output_since(const Output& output, std::uint64_t mark, const char* title);

// The same for both streams of a service, below a line with its name; empty if nothing was printed.
std::string printed_meanwhile(const std::string& name, const Output& out, std::uint64_t mark,
                              const Output& err, std::uint64_t err_mark);

}  // namespace mirakuru::detail

#endif  // MIRAKURU_PLUGIN_RUNTIME_SRC_SHOW_OUTPUT_HPP_
