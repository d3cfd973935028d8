// How ctest reports tests that gtest_discover_tests() has found.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "run.hpp"
#include "support/ctest_says.hpp"
#include "support/scratch_project.hpp"

namespace mirakuru::tests {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using Names = std::vector<std::string>;

// A project whose only test program is one of programs/, which is built already.
class CtestTest : public testing::Test {
 protected:
  Finished run_ctest(const std::string& program, const std::string& filter,
                     const Variables& variables = {}) {
    return project_.run_ctest(
        "include(GoogleTest)\n"
        "add_executable(tests IMPORTED)\n"
        "set_target_properties(tests PROPERTIES IMPORTED_LOCATION \"" +
            ProgramRun::path_of(program) +
            "\")\n"
            "gtest_discover_tests(tests DISCOVERY_MODE PRE_TEST TEST_FILTER \"" +
            filter + "\")\n",
        variables);
  }

  ScratchProject project_;
};

// The control: without the plugin, ctest takes such a failure for a skipped test, and succeeds.
TEST_F(CtestTest, SaysSkippedOfAnAssertInSetUpTestSuite) {
  const Finished ctest = run_ctest("skips_instead_of_failing", "*");
  EXPECT_THAT(ctest.text, ContainsRegex("WithoutThePlugin.First \\.*\\*+Skipped"));
  EXPECT_EQ(ctest.exit_code, 0);
}

TEST_F(CtestTest, SaysFailedOfAServiceThatIsNotReady) {
  const Finished ctest = run_ctest("suite_services", "NeverReady.*");
  EXPECT_THAT(ctest, SaysFailed(Names{"NeverReady.First", "NeverReady.Second"}));
  EXPECT_THAT(ctest.text, HasSubstr("the configuration is missing"));
}

TEST_F(CtestTest, SaysFailedIfTheSetUpOfTheSuiteNeedsTheService) {
  EXPECT_THAT(run_ctest("suite_services", "NeedsItInTheSetUp.*"),
              SaysFailed(Names{"NeedsItInTheSetUp.First"}));
}

TEST_F(CtestTest, SaysFailedOfServicesOfTheRun) {
  EXPECT_THAT(run_ctest("environment_services", "Plain.*", {{"STORE", "--never-ready"}}),
              SaysFailed(Names{"Plain.Passes", "Plain.PassesToo"}));
}

TEST_F(CtestTest, SaysFailedOfAnEnvironmentInAnOwnMain) {
  EXPECT_THAT(run_ctest("own_main", "Plain.Passes", {{"LEFT", "--never-ready"}}),
              SaysFailed(Names{"Plain.Passes"}));
}

TEST_F(CtestTest, SaysFailedThoughAServicePrintsTheMarkOfSkippedTests) {
  EXPECT_THAT(run_ctest("suite_services", "Talking.PrintsTheMarkOfSkippedTests"),
              SaysFailed(Names{"Talking.PrintsTheMarkOfSkippedTests"}));
}

TEST_F(CtestTest, SaysFailedOfAnUncleanStopAlone) {
  EXPECT_THAT(run_ctest("suite_services", "BadEnd.*"), SaysFailed(Names{"BadEnd.Passes"}));
}

TEST_F(CtestTest, DiscoveryStartsNothing) {
  const Finished ctest = run_ctest("suite_services", "Good.Runs");
  EXPECT_EQ(ctest.exit_code, 0) << ctest.text;
  // Started by the test itself.
  EXPECT_EQ(Count(project_.trace(), "start "), 1);
}

}  // namespace
}  // namespace mirakuru::tests
