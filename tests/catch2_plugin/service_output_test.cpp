// The output of services during a test case that fails.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "run.hpp"

namespace mirakuru::tests {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Lt;
using testing::Not;
using testing::SizeIs;

ProgramRun RunTalking(const std::string& filter, const Variables& variables = {},
                      const std::string& format = "xml") {
  return ProgramRun("suite_services", filter, {}, variables, format);
}

TEST(Catch2ServiceOutputTest, StandsBelowTheFailureOfTheTestCaseInWhichItWasPrinted) {
  const ProgramRun run = RunTalking("talking: passes,talking: fails");
  EXPECT_NE(run.exit_code(), 0);
  const Report report = run.report();
  EXPECT_THAT(report.passed, ElementsAre("talking: passes"));
  EXPECT_THAT(report.failures.at("talking: fails"),
              ElementsAre(HasSubstr("for a reason of its own"),
                          AllOf(HasSubstr("Talking printed during talking: fails:\n"
                                          "  stdout:\n"
                                          "    during the test that failed\n"
                                          "  stderr:\n"
                                          "    on its stderr"),
                                Not(HasSubstr("during the test that passed")))));
  EXPECT_THAT(run.text(), IsEmpty());
}

TEST(Catch2ServiceOutputTest, StandsAtTheMacro) {
  EXPECT_THAT(RunTalking("talking: fails", {}, "console").document(),
              ContainsRegex(PlaceOf("suite_services", "MIRAKURU_FIXTURE(Talking,") + " FAILED"));
}

TEST(Catch2ServiceOutputTest, IsWholeIfACheckFailsInTheMiddle) {
  EXPECT_THAT(
      RunTalking("talking: fails a check").report().failures.at("talking: fails a check"),
      ElementsAre("1 == 2", AllOf(HasSubstr("before the check"), HasSubstr("after the check"))));
}

TEST(Catch2ServiceOutputTest, IsThatOfTheSectionThatFails) {
  const std::string test = "talking: fails in one of its sections";
  EXPECT_THAT(RunTalking(test).report().failures.at(test),
              ElementsAre(HasSubstr("for a reason of its own"),
                          AllOf(HasSubstr("during the section that failed"),
                                Not(HasSubstr("during the section that passed")))));
}

TEST(Catch2ServiceOutputTest, IsNotMentionedIfThereIsNone) {
  const ProgramRun run = RunTalking("talking: passes,talking: fails in silence");
  EXPECT_THAT(run.report().failures.at("talking: fails in silence"), SizeIs(1));
}

TEST(Catch2ServiceOutputTest, StandsBelowAnExceptionToo) {
  EXPECT_THAT(RunTalking("talking: throws").report().failures.at("talking: throws"),
              ElementsAre(HasSubstr("thrown"), HasSubstr("before the exception")));
}

TEST(Catch2ServiceOutputTest, IsShownForAMayFailTestCase) {
  const ProgramRun run = RunTalking("talking: may fail");
  EXPECT_EQ(run.exit_code(), 0);
  EXPECT_THAT(run.document(), HasSubstr("during the test that may fail"));
}

TEST(Catch2ServiceOutputTest, IsReadableAndLeavesReportsWellFormed) {
  for (const std::string format : {"xml", "junit", "sonarqube", "tap"}) {
    const ProgramRun run = RunTalking("talking: prints binary", {}, format);
    EXPECT_THAT(run.report().failures.at("talking: prints binary"),
                ElementsAre(HasSubstr("for a reason of its own"),
                            HasSubstr("\\x1b[31m\\x00\\xff\\xfe\\xc3\\xef\\xbf\\xbf"
                                      "\\xed\\xa0\\x80]]>\n")))
        << format;
  }
}

TEST(Catch2ServiceOutputTest, AddsNoResultsThatATestNeverHad) {
  for (const std::string format : {"xml", "junit", "sonarqube", "tap"}) {
    const ProgramRun run = RunTalking("talking: prints results of tests", {}, format);
    const Report report = run.report();
    EXPECT_THAT(report.passed, IsEmpty()) << format;
    EXPECT_THAT(report.failures.at("talking: prints results of tests"),
                ElementsAre(HasSubstr("for a reason of its own"),
                            AllOf(HasSubstr("    ok 1 - not of this program"),
                                  HasSubstr("    not ok 7"), HasSubstr("    </testsuites>"))))
        << format;
  }
}

TEST(Catch2ServiceOutputTest, IsBoundedToItsEnd) {
  const auto failures = RunTalking("talking: prints much").report().failures;
  ASSERT_THAT(failures.at("talking: prints much"), SizeIs(2));
  const std::string printed = failures.at("talking: prints much")[1];
  EXPECT_THAT(printed, AllOf(HasSubstr("bytes that are left out"), HasSubstr("line 200000\n"),
                             Not(HasSubstr("line 199000\n"))));
  EXPECT_THAT(LineCount(printed), Lt(110));
}

TEST(Catch2ServiceOutputTest, OfPassingTestCasesIsShownOnRequestAndNotOnStdout) {
  const ProgramRun run = RunTalking("talking: passes", {{"MIRAKURU_SHOW_OUTPUT", "always"}});
  EXPECT_EQ(run.exit_code(), 0);
  EXPECT_THAT(run.text(), AllOf(HasSubstr("Talking printed during talking: passes:"),
                                HasSubstr("during the test that passed")));
  EXPECT_THAT(run.report().failed, IsEmpty());
}

TEST(Catch2ServiceOutputTest, IsNotShownIfUnwanted) {
  const ProgramRun run = RunTalking("talking: fails", {{"MIRAKURU_SHOW_OUTPUT", "never"}});
  EXPECT_NE(run.exit_code(), 0);
  EXPECT_THAT(run.report().failures.at("talking: fails"), SizeIs(1));
}

}  // namespace
}  // namespace mirakuru::tests
