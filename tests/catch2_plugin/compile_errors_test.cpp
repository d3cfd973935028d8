// Mistakes of users give readable compile errors.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/compile_error.hpp"
#include "support/text.hpp"

namespace mirakuru::tests {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

TEST(Catch2CompileErrorTest, ReportsWhatAMacroTakes) {
  const Finished compiler = Compile("no_executors", {"-fsyntax-only"});
  EXPECT_NE(compiler.exit_code, 0);
  EXPECT_EQ(Count(compiler.text,
                  "the last argument of the macro must be an executor that is created there"),
            2)
      << compiler.text;
}

TEST(Catch2CompileErrorTest, ReportsThatTwoPluginsDoNotGoTogether) {
  const Finished compiler = Compile("two_plugins", {"-fsyntax-only"});
  EXPECT_NE(compiler.exit_code, 0);
  EXPECT_THAT(compiler.text, HasSubstr("define the same macros: include only one"));
}

// -M lists the included headers.
TEST(Catch2HeaderTest, IncludesNoHeaderOfCatch2) {
  const Finished compiler = Compile("no_header_of_catch2", {"-M"});
  EXPECT_EQ(compiler.exit_code, 0) << compiler.text;
  EXPECT_THAT(compiler.text, HasSubstr("mirakuru/catch2.hpp"));
  EXPECT_THAT(compiler.text, Not(ContainsRegex("catch2/catch|gtest/")));
}

}  // namespace
}  // namespace mirakuru::tests
