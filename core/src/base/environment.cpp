#include "base/environment.hpp"

#include <cstdlib>

namespace mirakuru::detail {

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

bool is_set(const char* name) {
  const std::string value = variable(name);
  return !value.empty() && value != "0";
}

}  // namespace mirakuru::detail
