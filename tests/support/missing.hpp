// What becomes of a test whose program, or whose machine, is not there.
#ifndef MIRAKURU_TESTS_SUPPORT_MISSING_HPP_
#define MIRAKURU_TESTS_SUPPORT_MISSING_HPP_

#include <cstdlib>
#include <string>

namespace mirakuru::tests {

// MIRAKURU_TEST_ALLOW_MISSING=1: the test is skipped. Without it the test fails, since a test that
// is skipped in silence looks like one that passed.
inline bool MissingIsAllowed() {
  const char* value = std::getenv("MIRAKURU_TEST_ALLOW_MISSING");
  return value != nullptr && std::string(value) == "1";
}

}  // namespace mirakuru::tests

#endif  // MIRAKURU_TESTS_SUPPORT_MISSING_HPP_
