// MIRAKURU_ENVIRONMENT and mirakuru::gtest::Environment.
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
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::UnorderedElementsAre;

ProgramRun RunServices(const std::string& filter, const Variables& variables = {},
                       const std::vector<std::string>& arguments = {}) {
  return ProgramRun("environment_services", filter, arguments, variables);
}

TEST(EnvironmentMacroTest, OneProcessServesTheRun) {
  const ProgramRun run = RunServices("Plain.*:Shop.*");
  EXPECT_EQ(run.exit_code(), 0) << run.text();
  EXPECT_EQ(Count(run.text(), "THE BODY RAN"), 3);
  EXPECT_THAT(run.trace(), ElementsAre("start Store", "start Shop", "stop Shop", "stop Store"));
}

TEST(EnvironmentMacroTest, AFailureToGetReadyFailsEveryTest) {
  const ProgramRun run = RunServices("Plain.*:Shop.*", {{"STORE", "--never-ready"}});
  EXPECT_EQ(run.exit_code(), 1);
  EXPECT_THAT(run.text(), Not(HasSubstr("<SKIPPED>")));
  EXPECT_THAT(run.text(), Not(HasSubstr("THE BODY RAN")));
  const Report report = run.report();
  EXPECT_THAT(report.failed,
              UnorderedElementsAre("Plain.Passes", "Plain.PassesToo", "Shop.IsAFixtureToo"));
  const std::string place = PlaceOf("environment_services", "MIRAKURU_ENVIRONMENT(Store,");
  EXPECT_THAT(report.failures.at("Plain.Passes")[0],
              AllOf(ContainsRegex(place), HasSubstr("Store is not ready: "),
                    HasSubstr("does_as_told --name=Store")));
  EXPECT_THAT(report.failures.at("Plain.PassesToo")[0],
              AllOf(ContainsRegex(place), EndsWith("(see Plain.Passes)")));
  EXPECT_EQ(LineCount(report.failures.at("Plain.PassesToo")[0]), 2);
  // The dependent service refers to the report of its dependency.
  EXPECT_THAT(
      report.failures.at("Plain.Passes")[1],
      AllOf(HasSubstr("Shop is not ready: Store is not ready: "), EndsWith("(see Plain.Passes)")));
  EXPECT_THAT(run.pids_of("start Store"), SizeIs(1));
}

TEST(EnvironmentMacroTest, WhatItPrintedStandsBelowAFailure) {
  const ProgramRun run = RunServices("Failing.*");
  EXPECT_THAT(run.report().failures.at("Failing.Fails"),
              ElementsAre(HasSubstr("for a reason of its own"),
                          AllOf(HasSubstr("Store printed during Failing.Fails:"),
                                HasSubstr("the store talks"), Not(HasSubstr("ready\n")))));
}

TEST(EnvironmentMacroTest, ADeathFailsTheTestAndTheNextOneHasItAgain) {
  const ProgramRun run = RunServices("Dying.*");
  EXPECT_EQ(run.exit_code(), 1);
  EXPECT_THAT(run.report().failures.at("Dying.Dies"),
              ElementsAre(HasSubstr("Store died during Dying.Dies: exited with 5")));
  EXPECT_THAT(run.report().passed, ElementsAre("Dying.LivesAgain"));
}

TEST(EnvironmentMacroTest, AnUncleanStopIsAFailure) {
  const ProgramRun run = RunServices("Plain.*", {{"STORE", "--exit-with=6"}});
  EXPECT_EQ(run.exit_code(), 1);
  EXPECT_THAT(run.text(), AllOf(HasSubstr("Store did not stop cleanly: "),
                                HasSubstr("exited with 6"), Not(HasSubstr("<SKIPPED>"))));
}

TEST(EnvironmentMacroTest, WithoutATestToRunNothingIsStarted) {
  EXPECT_THAT(RunServices("No.Such").trace(), IsEmpty());
  EXPECT_THAT(RunServices("Plain.DISABLED_IsNotRun").trace(), IsEmpty());
  EXPECT_THAT(RunServices("*", {}, {"--gtest_list_tests"}).trace(), IsEmpty());
}

// Each of the two gets ready only when the other one has been started.
TEST(EnvironmentTest, StartsItsServicesConcurrentlyAndStopsThemInReverse) {
  const ProgramRun run("own_main");
  EXPECT_EQ(run.exit_code(), 0) << run.text();
  EXPECT_EQ(Count(run.text(), "THE BODY RAN"), 2);
  const std::vector<std::string> trace = run.trace();
  ASSERT_THAT(trace, SizeIs(4));
  EXPECT_THAT(std::vector<std::string>(trace.begin(), trace.begin() + 2),
              UnorderedElementsAre("start left", "start right"));
  EXPECT_THAT(std::vector<std::string>(trace.begin() + 2, trace.end()),
              ElementsAre("stop right", "stop left"));
}

TEST(EnvironmentTest, ReportsEachServiceThatDoesNotGetReady) {
  const ProgramRun run("own_main", "*", {},
                       {{"LEFT", "--never-ready"}, {"RIGHT", "--never-ready"}});
  EXPECT_EQ(run.exit_code(), 1);
  EXPECT_THAT(run.text(), AllOf(Not(HasSubstr("<SKIPPED>")), Not(HasSubstr("THE BODY RAN"))));
  const Report report = run.report();
  const std::string place = PlaceOf("own_main", "Environment({left, right})");
  EXPECT_THAT(report.failures.at("Plain.Passes"),
              ElementsAre(AllOf(ContainsRegex(place), HasSubstr("left is not ready: ")),
                          AllOf(ContainsRegex(place), HasSubstr("right is not ready: "))));
  EXPECT_THAT(report.failures.at("Plain.PassesToo"),
              ElementsAre(EndsWith("(see Plain.Passes)"), EndsWith("(see Plain.Passes)")));
}

TEST(EnvironmentTest, AFailureOfOneServiceLeavesTheOtherOneRunning) {
  const ProgramRun run("own_main", "*", {}, {{"LEFT", "--never-ready"}});
  EXPECT_EQ(run.exit_code(), 1);
  EXPECT_THAT(run.report().failures.at("Plain.Passes"),
              ElementsAre(HasSubstr("left is not ready: ")));
  EXPECT_EQ(run.trace().back(), "stop right");
}

TEST(EnvironmentTest, AReplacedPrinterSeesTheFailuresInOrder) {
  const ProgramRun run("own_main", "*", {}, {{"LEFT", "--never-ready"}, {"PRINTER", "own"}});
  EXPECT_EQ(run.exit_code(), 1);
  const std::string& text = run.text();
  EXPECT_LT(text.find("Passes begins"), text.find("left is not ready"));
  EXPECT_LT(text.find("left is not ready"), text.find("Passes failed"));
  EXPECT_THAT(text, HasSubstr("PassesToo failed"));
}

}  // namespace
}  // namespace mirakuru::tests
