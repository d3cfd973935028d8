// MIRAKURU_FIXTURE and MIRAKURU_TEST_FIXTURE, as programs/suite_services.cpp uses them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "run.hpp"

namespace mirakuru::tests {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ContainsRegex;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::UnorderedElementsAre;

ProgramRun RunSuiteServices(const std::string& filter,
                            const std::vector<std::string>& arguments = {}) {
  return ProgramRun("suite_services", filter, arguments);
}

std::string Place(const std::string& text) { return PlaceOf("suite_services", text); }

TEST(SuiteServiceTest, OneProcessServesAllTestsOfASuite) {
  const ProgramRun run = RunSuiteServices("Good.*");
  EXPECT_EQ(run.exit_code(), 0) << run.text();
  EXPECT_THAT(run.trace(), ElementsAre("start Good", "stop Good"));
}

TEST(SuiteServiceTest, WorksInDerivedParameterizedAndTypedTests) {
  const ProgramRun run = RunSuiteServices("Derived.*:Two/Parameterized.*:Typed/*");
  EXPECT_EQ(run.exit_code(), 0) << run.text();
  EXPECT_THAT(run.report().passed,
              UnorderedElementsAre("Derived.Runs", "Two/Parameterized.Runs/0",
                                   "Two/Parameterized.Runs/1", "Typed/0.Runs", "Typed/1.Runs"));
  // One for each suite: GoogleTest makes a suite of each type.
  EXPECT_THAT(run.pids_of("start Good"), SizeIs(4));
  EXPECT_THAT(run.pids_of("stop Good"), SizeIs(4));
}

TEST(SuiteServiceTest, TheExecutorHasItsOwnType) {
  const ProgramRun run = RunSuiteServices("Web.*");
  EXPECT_EQ(run.exit_code(), 0) << run.text();
}

TEST(SuiteServiceTest, AFailureToGetReadyIsReportedInFullOnceAndThenInOneLine) {
  const ProgramRun run = RunSuiteServices("NeverReady.*:NeverReadyElsewhere.*");
  EXPECT_EQ(run.exit_code(), 1);
  EXPECT_THAT(run.text(), Not(HasSubstr("<SKIPPED>")));
  EXPECT_THAT(run.text(), Not(HasSubstr("THE BODY RAN")));
  const Report report = run.report();
  EXPECT_THAT(report.passed, IsEmpty());
  EXPECT_THAT(report.skipped, IsEmpty());
  EXPECT_THAT(report.failed,
              ElementsAre("NeverReady.First", "NeverReady.Second", "NeverReadyElsewhere.Third"));

  ASSERT_THAT(report.failures.at("NeverReady.First"), SizeIs(1));
  EXPECT_THAT(report.failures.at("NeverReady.First")[0],
              AllOf(HasSubstr("NeverReady is not ready: "), HasSubstr("not ready within "),
                    HasSubstr("does_as_told --name=NeverReady"),
                    HasSubstr("the configuration is missing"), HasSubstr("ready")));
  for (const std::string test : {"NeverReady.Second", "NeverReadyElsewhere.Third"}) {
    ASSERT_THAT(report.failures.at(test), SizeIs(1));
    // GoogleTest prints the location on a separate line.
    EXPECT_EQ(LineCount(report.failures.at(test)[0]), 2) << report.failures.at(test)[0];
    EXPECT_THAT(report.failures.at(test)[0],
                AllOf(HasSubstr("NeverReady is not ready: "), HasSubstr("not ready within "),
                      EndsWith("(see NeverReady.First)")));
  }
  // It was not started again.
  EXPECT_THAT(run.pids_of("start NeverReady"), SizeIs(1));
}

TEST(SuiteServiceTest, AFailureStandsAtTheMacro) {
  const ProgramRun run = RunSuiteServices("NeverReady.*");
  const std::string place = Place("MIRAKURU_FIXTURE(NeverReady,");
  EXPECT_THAT(run.text(), ContainsRegex(place + " Failure"));
  for (const std::string test : {"NeverReady.First", "NeverReady.Second"}) {
    EXPECT_THAT(run.report().failures.at(test)[0], ContainsRegex(place)) << test;
  }
}

TEST(SuiteServiceTest, AServiceThatEndsAtOnceFailsTheTestWithItsStatusAndOutput) {
  const ProgramRun run = RunSuiteServices("EndsAtOnce.*");
  EXPECT_EQ(run.exit_code(), 1);
  EXPECT_THAT(run.report().failures.at("EndsAtOnce.First"),
              ElementsAre(AllOf(HasSubstr("EndsAtOnce is not ready: "), HasSubstr("exited with 3"),
                                HasSubstr("no"))));
}

TEST(SuiteServiceTest, AnExecutorThatCannotBeMadeFailsTheTest) {
  const ProgramRun run = RunSuiteServices("BadUrl.*");
  EXPECT_EQ(run.exit_code(), 1);
  EXPECT_THAT(
      run.report().failures.at("BadUrl.First"),
      ElementsAre(AllOf(HasSubstr("BadUrl is not ready: "), HasSubstr("gopher://localhost"))));
}

TEST(SuiteServiceTest, AConstructorThatNeedsTheServiceAddsOneLine) {
  const ProgramRun run = RunSuiteServices("NeedsItInTheConstructor.*");
  EXPECT_EQ(run.exit_code(), 1);
  EXPECT_THAT(run.text(), Not(HasSubstr("THE BODY RAN")));
  EXPECT_THAT(run.report().failures.at("NeedsItInTheConstructor.First"),
              ElementsAre(HasSubstr("the configuration is missing"),
                          HasSubstr("(see NeedsItInTheConstructor.First)")));
}

// Without the plugin, GoogleTest would skip the tests.
TEST(SuiteServiceTest, ASetUpTestSuiteThatNeedsTheServiceFailsTheTests) {
  const ProgramRun run = RunSuiteServices("NeedsItInTheSetUp.*");
  EXPECT_EQ(run.exit_code(), 1);
  EXPECT_THAT(run.text(), Not(HasSubstr("<SKIPPED>")));
  EXPECT_THAT(run.text(), Not(HasSubstr("THE BODY RAN")));
  const Report report = run.report();
  EXPECT_THAT(report.failed, ElementsAre("NeedsItInTheSetUp.First", "NeedsItInTheSetUp.Second"));
  EXPECT_THAT(report.failures.at("NeedsItInTheSetUp.First"),
              ElementsAre(HasSubstr("the configuration is missing")));
  EXPECT_THAT(report.failures.at("NeedsItInTheSetUp.Second"),
              ElementsAre(HasSubstr("(see NeedsItInTheSetUp.First)")));
  EXPECT_EQ(Count(run.text(), "does_as_told --name=NeverReady"), 1) << run.text();
  EXPECT_THAT(run.pids_of("start NeverReady"), SizeIs(1));
}

TEST(SuiteServiceTest, DependenciesAreStartedBeforeAServiceAndStoppedAfterIt) {
  const ProgramRun run = RunSuiteServices("Shop.HasItsStore");
  EXPECT_EQ(run.exit_code(), 0) << run.text();
  EXPECT_THAT(run.trace(), ElementsAre("start Store", "start Shop", "stop Shop", "stop Store"));
}

TEST(SuiteServiceTest, WhatAServiceNeedsIsStartedAgainIfItDied) {
  const ProgramRun run = RunSuiteServices("Shop.*");
  EXPECT_EQ(run.exit_code(), 1);
  EXPECT_THAT(run.report().failed, ElementsAre("Shop.LosesItsStore"));
  EXPECT_THAT(run.trace(),
              ElementsAre("start Store", "start Shop", "start Store", "stop Shop", "stop Store"));
}

TEST(SuiteServiceTest, AServiceIsNotReadyIfWhatItNeedsIsNot) {
  const ProgramRun run = RunSuiteServices("ShopOfNothing.*");
  EXPECT_EQ(run.exit_code(), 1);
  const Report report = run.report();
  EXPECT_THAT(report.failures.at("ShopOfNothing.First"),
              ElementsAre(AllOf(HasSubstr("ShopOfNothing is not ready: NeverReady is not ready: "),
                                HasSubstr("the configuration is missing"))));
  EXPECT_THAT(report.failures.at("ShopOfNothing.Second"),
              ElementsAre(HasSubstr("(see ShopOfNothing.First)")));
  EXPECT_THAT(run.trace(), ElementsAre("start NeverReady"));
}

TEST(SuiteServiceTest, ATestMayUseTheServiceOfAnotherFixture) {
  const ProgramRun run = RunSuiteServices("Plain.StartsWhatItAsksFor");
  EXPECT_EQ(run.exit_code(), 0) << run.text();
  EXPECT_THAT(run.trace(), ElementsAre("start Good", "stop Good"));
}

TEST(SuiteServiceTest, ADeathFailsTheTestWithTheLastOutputAndTheNextOneHasItAgain) {
  const ProgramRun run = RunSuiteServices("Dying.*-*Pipe*");
  EXPECT_EQ(run.exit_code(), 1);
  const Report report = run.report();
  EXPECT_THAT(report.failed, ElementsAre("Dying.Dies"));
  EXPECT_THAT(report.failures.at("Dying.Dies"),
              ElementsAre(AllOf(ContainsRegex(Place("MIRAKURU_FIXTURE(Dying,")),
                                HasSubstr("Dying died during Dying.Dies: killed by signal 9"),
                                HasSubstr("its last words"), Not(HasSubstr("while it lived")))));
  EXPECT_THAT(report.passed, ElementsAre("Dying.Lives", "Dying.LivesAgain",
                                         "Dying.IsStoppedByTheTest", "Dying.LivesOnceMore"));
  EXPECT_THAT(run.trace(),
              ElementsAre("start Dying", "start Dying", "stop Dying", "start Dying", "stop Dying"));
}

TEST(SuiteServiceTest, ADeathIsSeenAtTheEndOfItsTestHoweverLateItCame) {
  const ProgramRun run = RunSuiteServices("Dying.DiesAndOnlyItsPipeTells", {"--gtest_repeat=20"});
  EXPECT_EQ(run.exit_code(), 1);
  EXPECT_EQ(Count(run.text(), "Dying died during Dying.DiesAndOnlyItsPipeTells: killed by"), 20)
      << run.text();
}

TEST(SuiteServiceTest, ADeathBetweenTestsFailsTheSuite) {
  const ProgramRun run = RunSuiteServices("DyingAfterTheTests.*");
  EXPECT_EQ(run.exit_code(), 1);
  EXPECT_THAT(run.report().passed, ElementsAre("DyingAfterTheTests.Passes"));
  EXPECT_THAT(run.text(),
              AllOf(HasSubstr("Dying died after DyingAfterTheTests.Passes: exited with 4"),
                    Not(HasSubstr("<SKIPPED>"))));
}

TEST(SuiteServiceTest, AServiceThatDoesNotEndWellFailsTheSuite) {
  const ProgramRun run = RunSuiteServices("BadEnd.*");
  EXPECT_EQ(run.exit_code(), 1);
  EXPECT_THAT(run.text(), AllOf(ContainsRegex(Place("MIRAKURU_FIXTURE(BadEnd,") + " Failure"),
                                HasSubstr("BadEnd did not stop cleanly: "),
                                HasSubstr("exited with 7"), Not(HasSubstr("<SKIPPED>"))));
}

TEST(TestServiceTest, EachTestHasAFreshProcess) {
  const ProgramRun run = RunSuiteServices("Fresh.First:Fresh.Second");
  EXPECT_EQ(run.exit_code(), 0) << run.text();
  EXPECT_THAT(run.trace(), ElementsAre("start Fresh", "stop Fresh", "start Fresh", "stop Fresh"));
  const std::vector<int> pids = run.pids_of("start Fresh");
  EXPECT_NE(pids[0], pids[1]);
}

TEST(TestServiceTest, ItsOutputIsShownThoughItIsStopped) {
  const ProgramRun run = RunSuiteServices("Fresh.Fails");
  EXPECT_THAT(run.report().failures.at("Fresh.Fails"),
              ElementsAre(HasSubstr("for a reason of its own"),
                          AllOf(HasSubstr("Fresh printed during Fresh.Fails:"),
                                HasSubstr("from a fresh process"))));
}

TEST(TestServiceTest, ABadEndFailsTheTest) {
  const ProgramRun run = RunSuiteServices("FreshBadEnd.*");
  EXPECT_EQ(run.exit_code(), 1);
  EXPECT_THAT(
      run.report().failures.at("FreshBadEnd.FailsAtItsEnd"),
      Contains(AllOf(HasSubstr("FreshBadEnd did not stop cleanly: "), HasSubstr("exited with 7"))));
}

TEST(TestServiceTest, AFailureToGetReadyIsNotTriedAgainForTheNextTest) {
  const ProgramRun run = RunSuiteServices("FreshNeverReady.*");
  EXPECT_THAT(run.report().failed, ElementsAre("FreshNeverReady.First", "FreshNeverReady.Second"));
  EXPECT_THAT(run.report().failures.at("FreshNeverReady.Second"),
              ElementsAre(EndsWith("(see FreshNeverReady.First)")));
  EXPECT_THAT(run.trace(), ElementsAre("start FreshNeverReady"));
}

}  // namespace
}  // namespace mirakuru::tests
