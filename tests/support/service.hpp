// The path of a program in ../services/.
#ifndef MIRAKURU_TESTS_SUPPORT_SERVICE_HPP_
#define MIRAKURU_TESTS_SUPPORT_SERVICE_HPP_

#include <string>

namespace mirakuru::tests {

inline std::string Service(const std::string& name) {
  return std::string(MIRAKURU_TEST_SERVICES_DIR) + "/" + name;
}

}  // namespace mirakuru::tests

#endif  // MIRAKURU_TESTS_SUPPORT_SERVICE_HPP_
