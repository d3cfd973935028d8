// Runs a command to its end, which must be 0, and returns what it printed to stdout.
#ifndef MIRAKURU_TESTS_SUPPORT_OUTPUT_OF_HPP_
#define MIRAKURU_TESTS_SUPPORT_OUTPUT_OF_HPP_

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "mirakuru/simple_executor.hpp"

namespace mirakuru::tests {

inline std::string OutputOf(SimpleExecutor& executor) {
  executor.start();
  EXPECT_EQ(executor.wait(std::chrono::seconds(10)).to_string(), "exited with 0");
  return executor.output().text();
}

inline std::string OutputOf(const Command& command, const Options& options = {}) {
  SimpleExecutor executor(command, options);
  return OutputOf(executor);
}

}  // namespace mirakuru::tests

#endif  // MIRAKURU_TESTS_SUPPORT_OUTPUT_OF_HPP_
