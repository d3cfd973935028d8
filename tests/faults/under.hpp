// Test programs in restricted environments (programs/under.cpp).
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

// Runs the program to its end. If the machine does not support the restrictions, the test fails,
// or is skipped if that is allowed.
class Under : public testing::Test {
 protected:
  Finished run_under(const std::vector<std::string>& restrictions,
                     const std::vector<std::string>& program, const Variables& variables = {}) {
    std::vector<std::string> words{FaultProgram("under")};
    words.insert(words.end(), restrictions.begin(), restrictions.end());
    words.emplace_back("--");
    words.insert(words.end(), program.begin(), program.end());
    Finished finished = RunToTheEnd(words, variables);
    constexpr int kNotPossibleHere = 77;
    if (finished.exit_code == kNotPossibleHere) {
      if (!MissingIsAllowed()) throw std::runtime_error(finished.text);
      skip(finished.text);
    }
    return finished;
  }

  // If so, its results must not be checked.
  static bool was_skipped() { return IsSkipped(); }

  static void skip(const std::string& why) { GTEST_SKIP() << why; }
};

}  // namespace mirakuru::tests

#endif  // MIRAKURU_TESTS_FAULTS_UNDER_HPP_
