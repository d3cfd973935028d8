// What ctest says of tests that gtest_discover_tests() has found.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "run.hpp"
#include "support/scratch_project.hpp"

namespace mirakuru::tests {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

// A project whose only test program is one of programs/, already built.
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

// The control: without the plugin, ctest takes such a failure for a skipped test, and is content.
TEST_F(CtestTest, SaysSkippedOfAnAssertInSetUpTestSuite) {
  const Finished ctest = run_ctest("skips_instead_of_failing", "*");
  EXPECT_THAT(ctest.text, ContainsRegex("WithoutThePlugin.First \\.*\\*+Skipped"));
  EXPECT_EQ(ctest.exit_code, 0);
}

TEST_F(CtestTest, SaysFailedOfAServiceThatIsNotReady) {
  const Finished ctest = run_ctest("suite_services", "NeverReady.*");
  EXPECT_EQ(ctest.exit_code, 8) << ctest.text;
  EXPECT_THAT(ctest.text,
              AllOf(ContainsRegex("NeverReady.First \\.*\\*+Failed"),
                    ContainsRegex("NeverReady.Second \\.*\\*+Failed"),
                    HasSubstr("the configuration is missing"), Not(HasSubstr("***Skipped"))));
}

TEST_F(CtestTest, SaysFailedWhereTheSetUpOfTheSuiteNeedsTheService) {
  const Finished ctest = run_ctest("suite_services", "NeedsItInTheSetUp.*");
  EXPECT_EQ(ctest.exit_code, 8) << ctest.text;
  EXPECT_THAT(ctest.text, AllOf(ContainsRegex("NeedsItInTheSetUp.First \\.*\\*+Failed"),
                                Not(HasSubstr("***Skipped"))));
}

TEST_F(CtestTest, SaysFailedOfServicesOfTheRun) {
  const Finished macro = run_ctest("environment_services", "Plain.*", {{"STORE", "--never-ready"}});
  EXPECT_EQ(macro.exit_code, 8) << macro.text;
  EXPECT_THAT(macro.text,
              AllOf(ContainsRegex("Plain.Passes \\.*\\*+Failed"),
                    ContainsRegex("Plain.PassesToo \\.*\\*+Failed"), Not(HasSubstr("***Skipped"))));
}

TEST_F(CtestTest, SaysFailedOfAnEnvironmentInAnOwnMain) {
  const Finished ctest = run_ctest("own_main", "Plain.Passes", {{"LEFT", "--never-ready"}});
  EXPECT_EQ(ctest.exit_code, 8) << ctest.text;
  EXPECT_THAT(ctest.text,
              AllOf(ContainsRegex("Plain.Passes \\.*\\*+Failed"), Not(HasSubstr("***Skipped"))));
}

TEST_F(CtestTest, SaysFailedThoughAServicePrintsTheMarkOfSkippedTests) {
  const Finished ctest = run_ctest("suite_services", "Talking.PrintsTheMarkOfSkippedTests");
  EXPECT_EQ(ctest.exit_code, 8) << ctest.text;
  EXPECT_THAT(ctest.text, AllOf(HasSubstr("***Failed"), Not(HasSubstr("***Skipped"))));
}

TEST_F(CtestTest, SaysFailedOfABadEndAlone) {
  const Finished ctest = run_ctest("suite_services", "BadEnd.*");
  EXPECT_EQ(ctest.exit_code, 8) << ctest.text;
  EXPECT_THAT(ctest.text, HasSubstr("***Failed"));
}

TEST_F(CtestTest, DiscoveryStartsNothing) {
  const Finished ctest = run_ctest("suite_services", "Good.Runs");
  EXPECT_EQ(ctest.exit_code, 0) << ctest.text;
  // By the test itself.
  EXPECT_EQ(Count(project_.trace(), "start "), 1);
}

}  // namespace
}  // namespace mirakuru::tests
