// MIRAKURU_ENVIRONMENT.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "run.hpp"

namespace mirakuru::tests {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

ProgramRun RunServices(const std::string& filter, const Variables& variables = {},
                       const std::vector<std::string>& arguments = {}) {
  return ProgramRun("environment_services", filter, arguments, variables);
}

TEST(Catch2EnvironmentTest, OneProcessServesTheRun) {
  const ProgramRun run = RunServices("[plain],[shop]");
  EXPECT_EQ(run.exit_code(), 0) << run.document();
  EXPECT_EQ(Count(run.text(), "THE BODY RAN"), 3);
  EXPECT_THAT(run.trace(), ElementsAre("start Store", "start Shop", "stop Shop", "stop Store"));
}

TEST(Catch2EnvironmentTest, AFailureToGetReadyFailsEveryTestCase) {
  const ProgramRun run = RunServices("[plain],[shop]", {{"STORE", "--never-ready"}});
  EXPECT_NE(run.exit_code(), 0);
  const Report report = run.report();
  EXPECT_THAT(report.passed, IsEmpty());
  EXPECT_THAT(report.failed, ElementsAre("plain: passes", "plain: passes without a word",
                                         "shop: is a fixture, too"));
  EXPECT_THAT(
      report.failures.at("plain: passes without a word"),
      ElementsAre(AllOf(HasSubstr("Store is not ready: "), HasSubstr("(see plain: passes)")),
                  HasSubstr("Shop is not ready: ")));
  EXPECT_EQ(Count(run.document(), "does_as_told --name=Store"), 1) << run.document();
  // A listener cannot prevent plain test cases from running.
  EXPECT_EQ(Count(run.text(), "THE BODY RAN"), 2);
  EXPECT_THAT(run.pids_of("start Store"), SizeIs(1));
}

TEST(Catch2EnvironmentTest, WhatItPrintedStandsBelowAFailure) {
  EXPECT_THAT(RunServices("failing: fails").report().failures.at("failing: fails"),
              ElementsAre(HasSubstr("for a reason of its own"),
                          AllOf(HasSubstr("Store printed during failing: fails:"),
                                HasSubstr("the store talks"), Not(HasSubstr("ready\n")))));
}

TEST(Catch2EnvironmentTest, ADeathFailsAPlainTestCaseAndTheNextOneHasItAgain) {
  const ProgramRun run = RunServices("[dying]");
  EXPECT_NE(run.exit_code(), 0);
  EXPECT_THAT(run.report().failures.at("dying: dies"),
              ElementsAre(HasSubstr("Store died during dying: dies: exited with 5")));
  EXPECT_THAT(run.report().passed, ElementsAre("dying: lives again"));
}

TEST(Catch2EnvironmentTest, WithoutATestCaseToRunNothingIsStarted) {
  EXPECT_THAT(RunServices("no such").trace(), IsEmpty());
  EXPECT_THAT(RunServices("", {}, {"--list-tests"}).trace(), IsEmpty());
  EXPECT_THAT(RunServices("", {}, {"--list-tags"}).trace(), IsEmpty());
}

}  // namespace
}  // namespace mirakuru::tests
