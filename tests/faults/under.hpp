// Test programs in harmful environments (programs/under.cpp).
#ifndef MIRAKURU_TESTS_FAULTS_UNDER_HPP_
#define MIRAKURU_TESTS_FAULTS_UNDER_HPP_

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "support/missing.hpp"
#include "support/run_program.hpp"

namespace mirakuru::tests {

inline std::string FaultProgram(const std::string& name) {
  return std::string(MIRAKURU_FAULT_PROGRAMS_DIR) + "/whole/" + name;
}

// Runs the program to its end. If the machine does not support the harm, the test fails, or is
// skipped if that is allowed.
class Under : public testing::Test {
 protected:
  Finished run_under(const std::vector<std::string>& harm, const std::vector<std::string>& program,
                     const Variables& variables = {}) {
    std::vector<std::string> words{FaultProgram("under")};
    words.insert(words.end(), harm.begin(), harm.end());
    words.emplace_back("--");
    words.insert(words.end(), program.begin(), program.end());
    Finished finished = RunToTheEnd(words, variables);
    constexpr int kCannotBeHad = 77;
    if (finished.exit_code == kCannotBeHad) {
      if (!MissingIsAllowed()) throw std::runtime_error(finished.text);
      skip(finished.text);
    }
    return finished;
  }

  // True if the test was skipped, so that its results must not be checked.
  static bool is_over() { return IsSkipped(); }

  static void skip(const std::string& why) { GTEST_SKIP() << why; }
};

}  // namespace mirakuru::tests

#endif  // MIRAKURU_TESTS_FAULTS_UNDER_HPP_
