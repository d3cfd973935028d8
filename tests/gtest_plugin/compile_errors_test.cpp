// What a user gets wrong has a readable compile error.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "run.hpp"

namespace mirakuru::tests {
namespace {

using testing::HasSubstr;

std::string ErrorsOf(const std::string& name, const std::vector<std::string>& options = {}) {
  const std::string root = MIRAKURU_SOURCE_DIR;
  std::vector<std::string> words{MIRAKURU_CXX_COMPILER, "-std=c++17", "-fsyntax-only",
                                 "-I" + root + "/core/include",
                                 "-I" + root + "/gtest_plugin/include"};
  words.insert(words.end(), options.begin(), options.end());
  words.push_back(root + "/tests/gtest_plugin/compile_errors/" + name + ".cpp");
  std::istringstream folders(MIRAKURU_GTEST_INCLUDE_PATH);
  for (std::string folder; std::getline(folders, folder, ':');) {
    words.insert(words.end(), {"-idirafter", folder});  // it may be the system's
  }
  const Finished compiler = RunToTheEnd(words);
  EXPECT_NE(compiler.exit_code, 0);
  return compiler.text;
}

TEST(CompileErrorTest, TellsWhatAMacroAndAnEnvironmentTake) {
  const std::string errors = ErrorsOf("no_executors");
  EXPECT_EQ(Count(errors, "the last argument of the macro must be an executor that is made there"),
            2)
      << errors;
  EXPECT_EQ(Count(errors, "an Environment takes executors that are variables"), 1) << errors;
}

TEST(CompileErrorTest, TellsThatTwoPluginsDoNotGoTogether) {
  EXPECT_THAT(ErrorsOf("two_plugins", {"-Wfatal-errors"}),
              HasSubstr("define the same macros: include only one"));
}

}  // namespace
}  // namespace mirakuru::tests
