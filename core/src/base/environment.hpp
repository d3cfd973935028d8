// Variables of the test program's environment.
#ifndef MIRAKURU_CORE_SRC_BASE_ENVIRONMENT_HPP_
#define MIRAKURU_CORE_SRC_BASE_ENVIRONMENT_HPP_

#include <string>

namespace mirakuru::detail {

// Empty if it is not set.
std::string variable(const char* name);

// For a variable that switches something on: it is set, and neither empty nor "0".
bool is_set(const char* name);

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_BASE_ENVIRONMENT_HPP_
