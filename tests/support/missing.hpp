// For tests whose requirements (a program, a feature of the machine) are missing.
#ifndef MIRAKURU_TESTS_SUPPORT_MISSING_HPP_
#define MIRAKURU_TESTS_SUPPORT_MISSING_HPP_

#include <cstdlib>
#include <string>

namespace mirakuru::tests {

// With MIRAKURU_TEST_ALLOW_MISSING=1 the test is skipped. Otherwise it fails, since a silently
// skipped test looks like a passed one.
inline bool MissingIsAllowed() {
  const char* value = std::getenv("MIRAKURU_TEST_ALLOW_MISSING");
  return value != nullptr && std::string(value) == "1";
}

}  // namespace mirakuru::tests

#endif  // MIRAKURU_TESTS_SUPPORT_MISSING_HPP_
