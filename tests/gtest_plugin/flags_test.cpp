// GoogleTest's flags, with services.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "run.hpp"

namespace mirakuru::tests {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST(FlagsTest, ListingTestsStartsNothing) {
  const ProgramRun run("suite_services", "*", {"--gtest_list_tests"});
  EXPECT_EQ(run.exit_code(), 0);
  EXPECT_THAT(run.text(), HasSubstr("NeverReady."));
  EXPECT_THAT(run.trace(), IsEmpty());
}

TEST(FlagsTest, AFilterOrDisabledTestsThatLeaveNothingStartNothing) {
  EXPECT_THAT(ProgramRun("suite_services", "No.Such").trace(), IsEmpty());
  EXPECT_THAT(ProgramRun("suite_services", "AllDisabled.*:Good.DISABLED_IsNotRun").trace(),
              IsEmpty());
}

TEST(FlagsTest, RepeatedRunsStartTheServicesOfSuitesAgain) {
  const ProgramRun run("suite_services", "Good.*", {"--gtest_repeat=3"});
  EXPECT_EQ(run.exit_code(), 0) << run.text();
  EXPECT_THAT(run.trace(), ElementsAre("start Good", "stop Good", "start Good", "stop Good",
                                       "start Good", "stop Good"));
}

// As GoogleTest does with environments; the default depends on its version.
TEST(FlagsTest, RepeatedRunsStartTheServicesOfTheRunAgainOnRequest) {
  const std::string flag = "--gtest_recreate_environments_when_repeating=";
  const ProgramRun again("environment_services", "Plain.*", {"--gtest_repeat=2", flag + "1"});
  EXPECT_EQ(again.exit_code(), 0) << again.text();
  EXPECT_THAT(again.trace(), ElementsAre("start Store", "start Shop", "stop Shop", "stop Store",
                                         "start Store", "start Shop", "stop Shop", "stop Store"));
  const ProgramRun once("environment_services", "Plain.*", {"--gtest_repeat=2", flag + "0"});
  EXPECT_EQ(once.exit_code(), 0) << once.text();
  EXPECT_THAT(once.trace(), ElementsAre("start Store", "start Shop", "stop Shop", "stop Store"));

  const ProgramRun own_main("own_main", "*", {"--gtest_repeat=2", flag + "1"});
  EXPECT_EQ(own_main.exit_code(), 0) << own_main.text();
  EXPECT_THAT(own_main.trace(), SizeIs(8));
}

TEST(FlagsTest, ARepeatedRunTriesAgainWhatFailed) {
  const ProgramRun run("suite_services", "NeverReady.*", {"--gtest_repeat=2"});
  EXPECT_EQ(run.exit_code(), 1);
  EXPECT_THAT(run.trace(), ElementsAre("start NeverReady", "start NeverReady"));
  EXPECT_EQ(Count(run.text(), "(see NeverReady.First)"), 2) << run.text();
  const ProgramRun environment("environment_services", "Plain.*", {"--gtest_repeat=2"},
                               {{"STORE", "--never-ready"}});
  EXPECT_THAT(environment.trace(), ElementsAre("start Store", "start Store"));
}

TEST(FlagsTest, ShuffledSuitesHaveTheirServices) {
  const ProgramRun run("suite_services",
                       "Good.*:Derived.*:Fresh.First:Fresh.Second:Shop.HasItsStore:Web.*",
                       {"--gtest_shuffle", "--gtest_repeat=4"});
  EXPECT_EQ(run.exit_code(), 0) << run.text();
  const std::vector<std::string> trace = run.trace();
  EXPECT_EQ(run.pids_of("start Good").size(), run.pids_of("stop Good").size());
  EXPECT_THAT(run.pids_of("start Fresh"), SizeIs(8));
}

TEST(FlagsTest, AShardStartsWhatItsOwnTestsNeed) {
  // The two tests of the suite, in one shard each.
  std::vector<std::string> passed;
  for (const char* shard : {"0", "1"}) {
    const ProgramRun run("suite_services", "Good.*", {},
                         {{"GTEST_TOTAL_SHARDS", "2"}, {"GTEST_SHARD_INDEX", shard}});
    EXPECT_EQ(run.exit_code(), 0) << run.text();
    EXPECT_THAT(run.trace(), ElementsAre("start Good", "stop Good"));
    for (const std::string& test : run.report().passed) passed.push_back(test);
  }
  EXPECT_THAT(passed, testing::UnorderedElementsAre("Good.Runs", "Good.RunsStill"));
  const ProgramRun run("suite_services", "Good.*", {},
                       {{"GTEST_TOTAL_SHARDS", "3"}, {"GTEST_SHARD_INDEX", "2"}});
  EXPECT_THAT(run.trace(), IsEmpty());
}

// An exception from a listener would end the run without a report.
TEST(FlagsTest, FailuresThatComeFromTheListenerAreNotThrown) {
  const ProgramRun environment("environment_services", "Plain.*", {"--gtest_throw_on_failure"},
                               {{"STORE", "--never-ready"}});
  EXPECT_EQ(environment.exit_code(), 1) << environment.text();
  EXPECT_THAT(environment.report().failed, ElementsAre("Plain.Passes", "Plain.PassesToo"));

  const ProgramRun dying("suite_services", "Dying.*-*Pipe*", {"--gtest_throw_on_failure"});
  EXPECT_EQ(dying.exit_code(), 1) << dying.text();
  EXPECT_THAT(dying.report().passed, SizeIs(4));

  const ProgramRun bad_end("suite_services", "BadEnd.*", {"--gtest_throw_on_failure"});
  EXPECT_EQ(bad_end.exit_code(), 1) << bad_end.text();
  EXPECT_THAT(bad_end.report().passed, ElementsAre("BadEnd.Passes"));
}

TEST(FlagsTest, NoDebuggerIsCalledForOutputBelowAFailure) {
  const ProgramRun run("suite_services", "Dying.*-*Pipe*", {"--gtest_break_on_failure"});
  EXPECT_EQ(run.exit_code(), 1) << run.text();
  EXPECT_THAT(run.report().failed, ElementsAre("Dying.Dies"));
}

TEST(FlagsTest, AfterTheFirstFailureNothingMoreIsStarted) {
  const ProgramRun run("suite_services", "NeverReady.*:Good.*", {"--gtest_fail_fast"});
  EXPECT_EQ(run.exit_code(), 1);
  EXPECT_EQ(run.pids_of("start Good").size(), run.pids_of("stop Good").size());
  EXPECT_THAT(run.pids_of("start NeverReady"), SizeIs(1));
}

}  // namespace
}  // namespace mirakuru::tests
