// The path of a program in ../programs/: test programs for the tests, which use mirakuru.
#ifndef MIRAKURU_TESTS_SUPPORT_PROGRAM_HPP_
#define MIRAKURU_TESTS_SUPPORT_PROGRAM_HPP_

#include <string>

namespace mirakuru::tests {

inline std::string Program(const std::string& name) {
  return std::string(MIRAKURU_TEST_PROGRAMS_DIR) + "/" + name;
}

}  // namespace mirakuru::tests

#endif  // MIRAKURU_TESTS_SUPPORT_PROGRAM_HPP_
