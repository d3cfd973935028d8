// The compiler's messages for a program that misuses a plugin.
#ifndef MIRAKURU_TESTS_SUPPORT_COMPILE_ERROR_HPP_
#define MIRAKURU_TESTS_SUPPORT_COMPILE_ERROR_HPP_

#include <sstream>
#include <string>
#include <vector>

#include "support/run_program.hpp"

namespace mirakuru::tests {

// Compiles compile_errors/<name>.cpp.
inline Finished Compile(const std::string& name, const std::vector<std::string>& options = {}) {
  const std::string root = MIRAKURU_SOURCE_DIR;
  std::vector<std::string> words{MIRAKURU_CXX_COMPILER, "-std=c++17"};
  for (const char* part : {"core", "plugin_runtime", "gtest_plugin", "catch2_plugin"}) {
    words.push_back("-I" + root + "/" + part + "/include");
  }
  words.insert(words.end(), options.begin(), options.end());
  words.push_back(std::string(MIRAKURU_PLUGIN_TESTS_DIR) + "/compile_errors/" + name + ".cpp");
  std::istringstream directories(MIRAKURU_FRAMEWORK_INCLUDE_PATH);
  for (std::string directory; std::getline(directories, directory, ':');) {
    words.insert(words.end(), {"-idirafter", directory});  // may be a system directory
  }
  return RunToTheEnd(words);
}

}  // namespace mirakuru::tests

#endif  // MIRAKURU_TESTS_SUPPORT_COMPILE_ERROR_HPP_
