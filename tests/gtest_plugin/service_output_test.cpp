// The output of services during a test that fails.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

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

ProgramRun RunTalking(const std::string& test, const Variables& variables = {},
                      const std::string& format = "xml") {
  return ProgramRun("suite_services", "Talking." + test, {}, variables, format);
}

TEST(ServiceOutputTest, StandsBelowTheFailureOfTheTestInWhichItWasPrinted) {
  for (const std::string format : {"xml", "json"}) {
    const ProgramRun run = RunTalking("Passes:Talking.Fails", {}, format);
    EXPECT_EQ(run.exit_code(), 1);
    const Report report = run.report();
    EXPECT_THAT(report.passed, ElementsAre("Talking.Passes"));
    EXPECT_THAT(
        report.failures.at("Talking.Fails"),
        ElementsAre(HasSubstr("for a reason of its own"),
                    AllOf(ContainsRegex(PlaceOf("suite_services", "MIRAKURU_FIXTURE(Talking,")),
                          HasSubstr("Talking printed during Talking.Fails:\n"
                                    "  stdout:\n"
                                    "    during the test that failed\n"
                                    "  stderr:\n"
                                    "    on its stderr"),
                          Not(HasSubstr("during the test that passed")))))
        << format;
    EXPECT_THAT(run.text(), HasSubstr("    during the test that failed\n"));
    EXPECT_THAT(run.text(), Not(HasSubstr("during the test that passed")));
  }
}

TEST(ServiceOutputTest, IsCompleteHoweverLateItCame) {
  const ProgramRun run("suite_services", "Talking.FailsAsSoonAsItHasPrinted",
                       {"--gtest_repeat=20"});
  EXPECT_EQ(Count(run.text(), "    at the last moment\n"), 20) << run.text();
}

TEST(ServiceOutputTest, IsNotMentionedIfThereIsNone) {
  const ProgramRun run = RunTalking("Passes:Talking.FailsInSilence");
  EXPECT_THAT(run.report().failures.at("Talking.FailsInSilence"), SizeIs(1));
}

TEST(ServiceOutputTest, StandsBelowAnExceptionToo) {
  const ProgramRun run = RunTalking("FailsByAnException");
  EXPECT_THAT(run.report().failures.at("Talking.FailsByAnException"),
              ElementsAre(HasSubstr("thrown"), HasSubstr("before the exception")));
}

TEST(ServiceOutputTest, IsNotShownForATestThatSkipsItself) {
  const ProgramRun run = RunTalking("SkipsItself");
  EXPECT_EQ(run.exit_code(), 0);
  EXPECT_THAT(run.text(), Not(HasSubstr("before it was skipped")));
  EXPECT_THAT(run.report().skipped, ElementsAre("Talking.SkipsItself"));
}

TEST(ServiceOutputTest, IsReadableAndLeavesReportsWellFormed) {
  for (const std::string format : {"xml", "json"}) {
    const ProgramRun run = RunTalking("PrintsBinary", {}, format);
    // report() throws if it is not well-formed.
    EXPECT_THAT(run.report().failures.at("Talking.PrintsBinary"),
                ElementsAre(HasSubstr("for a reason of its own"),
                            HasSubstr("\\x1b[31m\\x00\\xff\\xfe\\xc3\\xef\\xbf\\xbf"
                                      "\\xed\\xa0\\x80]]>\n")))
        << format;
    EXPECT_THAT(run.text(), Not(HasSubstr("\x1b[31m")));
  }
}

TEST(ServiceOutputTest, IsBoundedToItsEnd) {
  const ProgramRun run = RunTalking("PrintsMuch");
  const auto failures = run.report().failures.at("Talking.PrintsMuch");
  ASSERT_THAT(failures, SizeIs(2));
  EXPECT_THAT(failures[1], AllOf(HasSubstr("bytes that are left out"), HasSubstr("line 200000\n"),
                                 testing::EndsWith("end"), Not(HasSubstr("line 199000\n"))));
  EXPECT_THAT(LineCount(failures[1]), Lt(110));
}

// ctest takes a test with this text in its output for skipped.
TEST(ServiceOutputTest, CannotMakeAFailedTestLookSkipped) {
  const ProgramRun run = RunTalking("PrintsTheMarkOfSkippedTests");
  EXPECT_EQ(run.exit_code(), 1);
  EXPECT_THAT(run.text(), AllOf(Not(HasSubstr("<SKIPPED>")), HasSubstr("[ SKIPPED ] Inner.Test")));
}

TEST(ServiceOutputTest, IsShownForPassingTestsOnRequest) {
  const ProgramRun run = RunTalking("Passes", {{"MIRAKURU_SHOW_OUTPUT", "always"}});
  EXPECT_EQ(run.exit_code(), 0);
  EXPECT_THAT(run.text(), AllOf(HasSubstr("Talking printed during Talking.Passes:"),
                                HasSubstr("during the test that passed")));
  EXPECT_THAT(run.report().failed, IsEmpty());
}

TEST(ServiceOutputTest, IsNotShownIfUnwanted) {
  const ProgramRun run = RunTalking("Fails", {{"MIRAKURU_SHOW_OUTPUT", "never"}});
  EXPECT_EQ(run.exit_code(), 1);
  EXPECT_THAT(run.report().failures.at("Talking.Fails"), SizeIs(1));
  EXPECT_THAT(run.text(), Not(HasSubstr("during the test that failed")));
}

TEST(ServiceOutputTest, AnInvalidValueIsReportedAndMeansFailure) {
  const ProgramRun run =
      RunTalking("Passes:Talking.Fails", {{"MIRAKURU_SHOW_OUTPUT", "sometimes"}});
  EXPECT_EQ(Count(run.text(), "invalid MIRAKURU_SHOW_OUTPUT \"sometimes\""), 1);
  EXPECT_THAT(run.report().failures.at("Talking.Fails"), SizeIs(2));
}

}  // namespace
}  // namespace mirakuru::tests
