// How ctest reports test cases that catch_discover_tests() has found.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "run.hpp"
#include "support/ctest_says.hpp"
#include "support/scratch_project.hpp"

namespace mirakuru::tests {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using Names = std::vector<std::string>;

// A project whose only test program is one of programs/. It is called through another program,
// since catch_discover_tests() needs a program that the project builds.
class Catch2CtestTest : public testing::Test {
 protected:
  Finished run_ctest(const std::string& program, const std::string& filter,
                     const Variables& variables = {}) {
    project_.write("main.c", "#include <unistd.h>\nint main(int c, char** v) { return execv(\"" +
                                 ProgramRun::path_of(program) + "\", v); }\n");
    return project_.run_ctest("list(APPEND CMAKE_MODULE_PATH " MIRAKURU_CATCH2_DIR
                              ")\n"
                              "include(Catch)\n"
                              "add_executable(tests main.c)\n"
                              "catch_discover_tests(tests TEST_SPEC \"" +
                                  filter + "\")\n",
                              variables);
  }

  ScratchProject project_{"C"};
};

TEST_F(Catch2CtestTest, SaysFailedOfAServiceThatIsNotReady) {
  const Finished ctest = run_ctest("suite_services", "[never-ready]");
  EXPECT_THAT(ctest, SaysFailed(Names{"never ready: first", "never ready: second"}));
  EXPECT_THAT(ctest.text,
              AllOf(HasSubstr("the configuration is missing"), HasSubstr("0% tests passed")));
}

TEST_F(Catch2CtestTest, SaysFailedOfServicesOfTheRun) {
  EXPECT_THAT(run_ctest("environment_services", "[plain]", {{"STORE", "--never-ready"}}),
              SaysFailed(Names{"plain: passes", "plain: passes without a word"}));
}

TEST_F(Catch2CtestTest, SaysFailedOfADeathAndOfAnUncleanStopAlone) {
  EXPECT_THAT(run_ctest("suite_services", "dying: dies,bad end: passes"),
              SaysFailed(Names{"dying: dies", "bad end: passes"}));
}

// catch_discover_tests() of Catch2 3 takes the exit code 4 for "skipped".
TEST_F(Catch2CtestTest, SaysFailedOfFourFailures) {
  EXPECT_THAT(run_ctest("suite_services", "plain: fails four times"),
              SaysFailed(Names{"plain: fails four times"}));
}

TEST_F(Catch2CtestTest, DiscoveryStartsNothing) {
  const Finished ctest = run_ctest("suite_services", "good: runs");
  EXPECT_EQ(ctest.exit_code, 0) << ctest.text;
  // Started by the test itself.
  EXPECT_EQ(Count(project_.trace(), "start "), 1);
}

}  // namespace
}  // namespace mirakuru::tests
