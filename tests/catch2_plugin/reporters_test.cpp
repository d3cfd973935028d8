// A service that does not get ready, with every reporter.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "run.hpp"

namespace mirakuru::tests {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

// The full report once, and one line afterwards.
void ExpectTheFullReportAndOneLine(const std::string& text) {
  EXPECT_EQ(Count(text, "  waited for: a line of output that matches 'ready'"), 1) << text;
  EXPECT_EQ(Count(text, "    | the configuration is missing"), 1) << text;
  EXPECT_EQ(Count(text, "NeverReady is not ready: "), 3) << text;
}

class Catch2DocumentTest : public testing::TestWithParam<const char*> {};

// All of stdout must be one document: the plugin must not print there.
TEST_P(Catch2DocumentTest, IsWellFormedAndReportsEachTestCase) {
  const ProgramRun run("suite_services", "[never-ready],dying: dies,good: runs", {}, {},
                       GetParam());
  EXPECT_NE(run.exit_code(), 0);
  const Report report = run.report();
  EXPECT_THAT(report.failed, UnorderedElementsAre("never ready: first", "never ready: second",
                                                  "never ready: plain", "dying: dies"));
  EXPECT_THAT(report.failures.at("never ready: first"),
              ElementsAre(AllOf(HasSubstr("NeverReady is not ready: "),
                                HasSubstr("the configuration is missing"))));
  for (const std::string test : {"never ready: second", "never ready: plain"}) {
    EXPECT_THAT(report.failures.at(test), ElementsAre(HasSubstr("NeverReady is not ready: ")));
  }
  EXPECT_THAT(report.failures.at("dying: dies"), ElementsAre(HasSubstr("Dying died during ")));
  ExpectTheFullReportAndOneLine(run.document());
  EXPECT_THAT(run.text(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(As, Catch2DocumentTest,
                         testing::Values("xml", "junit", "sonarqube", "tap"),
                         [](const auto& test) { return std::string(test.param); });

class Catch2ConsoleTest : public testing::TestWithParam<const char*> {};

TEST_P(Catch2ConsoleTest, ReportsEachTestCase) {
  const ProgramRun run("suite_services", "[never-ready]", {}, {}, GetParam());
  EXPECT_NE(run.exit_code(), 0);
  ExpectTheFullReportAndOneLine(run.document());
  EXPECT_THAT(run.document(), HasSubstr("3"));  // test cases failed
  EXPECT_THAT(run.text(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(As, Catch2ConsoleTest, testing::Values("console", "compact"),
                         [](const auto& test) { return std::string(test.param); });

// It reports only results.
TEST(Catch2AutomakeTest, ReportsThatEachTestCaseFailed) {
  const ProgramRun run("suite_services", "[never-ready]", {}, {}, "automake");
  EXPECT_NE(run.exit_code(), 0);
  EXPECT_EQ(Count(run.document(), ":test-result: FAIL never ready: "), 3) << run.document();
}

}  // namespace
}  // namespace mirakuru::tests
