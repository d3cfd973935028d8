// MIRAKURU_SHOW_OUTPUT=failure|always|never: when services' output of a test is shown after it.
#ifndef MIRAKURU_PLUGIN_RUNTIME_SRC_SHOW_OUTPUT_HPP_
#define MIRAKURU_PLUGIN_RUNTIME_SRC_SHOW_OUTPUT_HPP_

#include <cstdint>
#include <string>

#include "mirakuru/output.hpp"

namespace mirakuru::detail {

enum class ShowOutput { failure, always, never };

// `failure` where the variable is not set, or to something else, of which a warning tells.
ShowOutput show_output();

// What was printed since the mark, readable and indented under a line with `title`; empty where
// nothing was. Bounded: what is left out, which is the beginning, is told.
std::string output_since(const Output& output, std::uint64_t mark, const char* title);

// Of both streams of the service of that name, under a line that says so; empty where nothing was.
std::string printed_meanwhile(const std::string& name, const Output& out, std::uint64_t mark,
                              const Output& err, std::uint64_t err_mark);

}  // namespace mirakuru::detail

#endif  // MIRAKURU_PLUGIN_RUNTIME_SRC_SHOW_OUTPUT_HPP_
