// Mistakes of users give readable compile errors.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "support/compile_error.hpp"
#include "support/text.hpp"

namespace mirakuru::tests {
namespace {

using testing::HasSubstr;

std::string ErrorsOf(const std::string& name) {
  const Finished compiler = Compile(name, {"-fsyntax-only"});
  EXPECT_NE(compiler.exit_code, 0);
  return compiler.text;
}

TEST(CompileErrorTest, ReportsWhatAMacroAndAnEnvironmentTake) {
  const std::string errors = ErrorsOf("no_executors");
  EXPECT_EQ(
      Count(errors, "the last argument of the macro must be an executor that is created there"), 2)
      << errors;
  EXPECT_EQ(Count(errors, "an Environment takes executors that are variables"), 1) << errors;
}

TEST(CompileErrorTest, ReportsThatTwoPluginsDoNotGoTogether) {
  EXPECT_THAT(ErrorsOf("two_plugins"), HasSubstr("define the same macros: include only one"));
}

}  // namespace
}  // namespace mirakuru::tests
