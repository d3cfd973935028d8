// MIRAKURU_FIXTURE and MIRAKURU_TEST_FIXTURE, as programs/suite_services.cpp uses them.
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
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

ProgramRun RunSuiteServices(const std::string& filter,
                            const std::vector<std::string>& arguments = {}) {
  return ProgramRun("suite_services", filter, arguments);
}

class Catch2SharedServiceTest : public testing::TestWithParam<const char*> {};

// For all kinds of test cases, with any number of sections.
TEST_P(Catch2SharedServiceTest, IsOneProcess) {
  const ProgramRun run = RunSuiteServices(GetParam());
  EXPECT_EQ(run.exit_code(), 0) << run.document() << run.text();
  EXPECT_THAT(run.report().failed, IsEmpty());
  EXPECT_THAT(run.report().passed, Not(IsEmpty()));
  EXPECT_THAT(run.trace(), ElementsAre("start Good", "stop Good"));
}

INSTANTIATE_TEST_SUITE_P(Of, Catch2SharedServiceTest,
                         testing::Values("good: runs", "good: sections", "good: generators",
                                         "Scenario: good: a scenario", "good: types*",
                                         "good: persistent", "plain: starts what it asks for",
                                         "[good],[plain]"));

TEST(Catch2ServiceTest, TestCasesAreEnteredAsOftenAsCatch2Does) {
  EXPECT_EQ(Count(RunSuiteServices("good: sections").text(), "THE BODY RAN"), 3);
  EXPECT_EQ(Count(RunSuiteServices("good: generators").text(), "THE BODY RAN"), 3);
  EXPECT_EQ(Count(RunSuiteServices("Scenario: good: a scenario").text(), "THE BODY RAN"), 2);
  EXPECT_THAT(RunSuiteServices("good: types*").report().passed,
              ElementsAre("good: types - int", "good: types - char"));
}

TEST(Catch2ServiceTest, TheExecutorHasItsOwnType) {
  const ProgramRun run = RunSuiteServices("web: *");
  EXPECT_EQ(run.exit_code(), 0) << run.document();
}

TEST(Catch2ServiceTest, AFailureToGetReadyIsReportedInFullOnceAndThenInOneLine) {
  const ProgramRun run = RunSuiteServices("[never-ready]");
  EXPECT_NE(run.exit_code(), 0);
  EXPECT_THAT(run.text(), IsEmpty());  // no body ran, and there is nothing more to report
  const Report report = run.report();
  EXPECT_THAT(report.passed, IsEmpty());
  EXPECT_THAT(report.failed,
              ElementsAre("never ready: first", "never ready: second", "never ready: plain"));
  EXPECT_THAT(
      report.failures.at("never ready: first"),
      ElementsAre(AllOf(HasSubstr("NeverReady is not ready: "), HasSubstr("not ready within "),
                        HasSubstr("does_as_told --name=NeverReady"),
                        HasSubstr("the configuration is missing"), HasSubstr("ready"))));
  for (const std::string test : {"never ready: second", "never ready: plain"}) {
    ASSERT_THAT(report.failures.at(test), SizeIs(1));
    const std::string failure = report.failures.at(test)[0];
    EXPECT_EQ(LineCount(failure), 1) << failure;
    EXPECT_THAT(failure,
                AllOf(HasSubstr("NeverReady is not ready: "), HasSubstr("not ready within "),
                      HasSubstr("(see never ready: first)")));
  }
  // It was not started again.
  EXPECT_THAT(run.trace(), ElementsAre("start NeverReady"));
}

TEST(Catch2ServiceTest, AFailureStandsAtTheMacro) {
  const ProgramRun run("suite_services", "[never-ready]", {}, {}, "console");
  EXPECT_THAT(run.document(),
              ContainsRegex(PlaceOf("suite_services", "MIRAKURU_FIXTURE(NeverReady,") + " FAILED"));
}

TEST(Catch2ServiceTest, AFixtureThatIsCreatedBeforeTheTestCaseFailsItToo) {
  const ProgramRun run = RunSuiteServices("[persistent]");
  EXPECT_NE(run.exit_code(), 0);
  EXPECT_THAT(run.text(), Not(HasSubstr("THE BODY RAN")));
  EXPECT_THAT(run.report().failed, ElementsAre("never ready: persistent"));
  EXPECT_THAT(run.document(), HasSubstr("the configuration is missing"));
}

TEST(Catch2ServiceTest, AServiceThatEndsAtOnceFailsTheTestCaseWithItsStatusAndOutput) {
  const ProgramRun run = RunSuiteServices("ends at once: *");
  EXPECT_NE(run.exit_code(), 0);
  EXPECT_THAT(run.report().failures.at("ends at once: first"),
              ElementsAre(AllOf(HasSubstr("EndsAtOnce is not ready: "), HasSubstr("exited with 3"),
                                HasSubstr("no"))));
}

TEST(Catch2ServiceTest, AnExecutorThatCannotBeMadeFailsTheTestCase) {
  const ProgramRun run = RunSuiteServices("bad url: *");
  EXPECT_NE(run.exit_code(), 0);
  EXPECT_THAT(
      run.report().failures.at("bad url: first"),
      ElementsAre(AllOf(HasSubstr("BadUrl is not ready: "), HasSubstr("gopher://localhost"))));
}

TEST(Catch2ServiceTest, DependenciesAreStartedBeforeAServiceAndStoppedAfterIt) {
  const ProgramRun run = RunSuiteServices("shop: has its store");
  EXPECT_EQ(run.exit_code(), 0) << run.document();
  EXPECT_THAT(run.trace(), ElementsAre("start Store", "start Shop", "stop Shop", "stop Store"));
}

TEST(Catch2ServiceTest, WhatAServiceNeedsIsStartedAgainIfItDied) {
  const ProgramRun run = RunSuiteServices("[shop]");
  EXPECT_NE(run.exit_code(), 0);
  EXPECT_THAT(run.report().failed, ElementsAre("shop: loses its store"));
  EXPECT_THAT(run.trace(),
              ElementsAre("start Store", "start Shop", "start Store", "stop Shop", "stop Store"));
}

TEST(Catch2ServiceTest, AServiceIsNotReadyIfWhatItNeedsIsNot) {
  const ProgramRun run = RunSuiteServices("[shop-of-nothing]");
  EXPECT_NE(run.exit_code(), 0);
  const Report report = run.report();
  EXPECT_THAT(report.failures.at("shop of nothing: first"),
              ElementsAre(AllOf(HasSubstr("ShopOfNothing is not ready: NeverReady is not ready: "),
                                HasSubstr("the configuration is missing"))));
  EXPECT_THAT(report.failures.at("shop of nothing: second"),
              ElementsAre(HasSubstr("(see shop of nothing: first)")));
  EXPECT_THAT(run.trace(), ElementsAre("start NeverReady"));
}

TEST(Catch2ServiceTest, ADeathFailsTheTestCaseWithTheLastOutputAndTheNextOneHasItAgain) {
  const ProgramRun run = RunSuiteServices("dying: lives,dying: dies,dying: lives again");
  EXPECT_NE(run.exit_code(), 0);
  const Report report = run.report();
  EXPECT_THAT(report.failed, ElementsAre("dying: dies"));
  EXPECT_THAT(report.failures.at("dying: dies"),
              ElementsAre(AllOf(HasSubstr("Dying died during dying: dies: killed by signal 9"),
                                HasSubstr("its last words"), Not(HasSubstr("while it lived")))));
  EXPECT_THAT(report.passed, ElementsAre("dying: lives", "dying: lives again"));
  EXPECT_THAT(run.trace(), ElementsAre("start Dying", "start Dying", "stop Dying"));
}

TEST(Catch2ServiceTest, ADeathInASectionIsReportedOnceAndTheNextSectionHasItAgain) {
  for (const std::string test : {"dying: dies in a section", "plain: outlives what dies"}) {
    const ProgramRun run = RunSuiteServices(test);
    EXPECT_NE(run.exit_code(), 0);
    EXPECT_THAT(run.report().failures.at(test),
                ElementsAre(StartsWith("Dying died during " + test + ": exited with 4")));
    EXPECT_THAT(run.trace(), ElementsAre("start Dying", "start Dying", "stop Dying"));
  }
}

TEST(Catch2ServiceTest, WhatATestCaseStopsTheNextSectionHasAgain) {
  const ProgramRun run = RunSuiteServices("dying: is stopped by the test");
  EXPECT_EQ(run.exit_code(), 0) << run.document();
  EXPECT_THAT(run.trace(), ElementsAre("start Dying", "stop Dying", "start Dying", "stop Dying"));
}

TEST(Catch2TestServiceTest, EachTestCaseHasAFreshProcess) {
  const ProgramRun run = RunSuiteServices("fresh: first,fresh: second");
  EXPECT_EQ(run.exit_code(), 0) << run.document();
  EXPECT_THAT(run.trace(), ElementsAre("start Fresh", "stop Fresh", "start Fresh", "stop Fresh"));
  const std::vector<int> pids = run.pids_of("start Fresh");
  EXPECT_NE(pids[0], pids[1]);
}

TEST(Catch2TestServiceTest, TheSectionsOfATestCaseShareItsProcess) {
  const ProgramRun run = RunSuiteServices("fresh: sections");
  EXPECT_EQ(run.exit_code(), 0) << run.document();
  EXPECT_THAT(run.trace(), ElementsAre("start Fresh", "stop Fresh"));
}

TEST(Catch2TestServiceTest, ItsOutputIsShown) {
  const ProgramRun run = RunSuiteServices("fresh: fails");
  EXPECT_THAT(run.report().failures.at("fresh: fails"),
              ElementsAre(HasSubstr("for a reason of its own"),
                          AllOf(HasSubstr("Fresh printed during fresh: fails:"),
                                HasSubstr("from a fresh process"))));
}

TEST(Catch2TestServiceTest, AFailureToGetReadyIsNotTriedAgainForTheNextTestCase) {
  const ProgramRun run = RunSuiteServices("[fresh-never-ready]");
  EXPECT_THAT(run.report().failed,
              ElementsAre("fresh never ready: first", "fresh never ready: second"));
  EXPECT_THAT(run.report().failures.at("fresh never ready: second"),
              ElementsAre(HasSubstr("(see fresh never ready: first)")));
  EXPECT_THAT(run.trace(), ElementsAre("start FreshNeverReady"));
}

}  // namespace
}  // namespace mirakuru::tests
