// What can be seen to be wrong with Options, before anything is started.
#ifndef MIRAKURU_CORE_SRC_EXECUTOR_OPTIONS_CHECK_HPP_
#define MIRAKURU_CORE_SRC_EXECUTOR_OPTIONS_CHECK_HPP_

#include <string>

#include "mirakuru/options.hpp"
#include "output/output_stream.hpp"

namespace mirakuru::detail {

// Throws std::invalid_argument that names the executor and the option.
void validate_options(const Options& options, const std::string& name);

// Where the stream leads.
const Stream& target_of(OutputStream stream, const Options& options);

// Whether what goes there can be read back.
bool is_captured(const Stream& target);

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_EXECUTOR_OPTIONS_CHECK_HPP_
