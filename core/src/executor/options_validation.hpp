// Mistakes in Options that can be found before anything is started.
#ifndef MIRAKURU_CORE_SRC_EXECUTOR_OPTIONS_VALIDATION_HPP_
#define MIRAKURU_CORE_SRC_EXECUTOR_OPTIONS_VALIDATION_HPP_

#include <string>

#include "mirakuru/options.hpp"

namespace mirakuru::detail {

// Throws std::invalid_argument that names the executor and the option.
void validate_options(const Options& options, const std::string& name);

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_EXECUTOR_OPTIONS_VALIDATION_HPP_
