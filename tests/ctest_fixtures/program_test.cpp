// mirakuru::ctest::fixture() in a test program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "commands.hpp"
#include "support/run_program.hpp"

namespace mirakuru::tests {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr char kHint[] = "(run the test by ctest, which sets MIRAKURU_FIXTURES)";

TEST(CtestProgram, SaysWhereItLookedForAFixture) {
  ScratchProject project;
  const Finished ctest = project.run_ctest(
      kMirakuru + AddObedient("worker") + AddProgram("googletest_tests") +
      "add_test(NAME uses_it COMMAND googletest_tests --gtest_filter=Nobody.Runs)\n"
      "mirakuru_use_fixtures(uses_it worker)\n");
  EXPECT_EQ(ctest.exit_code, 8);
  EXPECT_THAT(ctest.text, AllOf(HasSubstr("no service 'nobody' is running: no record of it in " +
                                          project.build_directory() + "/mirakuru-fixtures"),
                                Not(HasSubstr(kHint))));
}

TEST(CtestProgram, HintsThatCtestMustRunIt) {
  const TempDir directory;
  const Finished program =
      RunToTheEnd({MIRAKURU_CTEST_PROGRAMS_DIR "/googletest_tests", "--gtest_filter=Worker.Runs"},
                  {{"MIRAKURU_FIXTURES", ""}, {"XDG_RUNTIME_DIR", directory.path()}});
  EXPECT_EQ(program.exit_code, 1);
  EXPECT_THAT(program.text, HasSubstr("no service 'worker' is running: no record of it in " +
                                      directory.path() + "/mirakuru " + kHint));
}

TEST(CtestProgram, HasThePortsOfTheFixtureAlone) {
  ScratchProject project;
  const Finished ctest = project.run_ctest(
      kMirakuru + AddObedient("worker", "--admin={port:admin}") + AddProgram("googletest_tests") +
      "add_test(NAME uses_it COMMAND googletest_tests --gtest_filter=Worker.HasNamedPortsAlone)\n"
      "mirakuru_use_fixtures(uses_it worker)\n");
  EXPECT_EQ(ctest.exit_code, 0) << ctest.text;
}

}  // namespace
}  // namespace mirakuru::tests
