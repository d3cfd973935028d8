// The end of a run: all services are stopped, and failures at that time are reported.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <string>

#include "run.hpp"
#include "support/wait_until.hpp"

namespace mirakuru::tests {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Catch2EndOfRunTest, ListingStartsNothing) {
  const ProgramRun run("suite_services", "", {"--list-tests"}, {}, "console");
  EXPECT_THAT(run.document(), HasSubstr("never ready: first"));
  EXPECT_THAT(run.trace(), IsEmpty());
}

TEST(Catch2EndOfRunTest, ServicesAreStoppedIfTheRunIsAborted) {
  const ProgramRun run("suite_services", "good: runs,plain: fails four times,fresh: first",
                       {"--abort"});
  EXPECT_NE(run.exit_code(), 0);
  EXPECT_THAT(run.report().failures.at("plain: fails four times"), ElementsAre("i < 0"));
  EXPECT_THAT(run.trace(), ElementsAre("start Good", "stop Good"));
}

TEST(Catch2EndOfRunTest, AServiceMayBeWhatAbortsTheRun) {
  const ProgramRun run("suite_services", "dying: dies in a section,talking: passes", {"--abort"});
  EXPECT_NE(run.exit_code(), 0);
  EXPECT_THAT(run.report().failed, ElementsAre("dying: dies in a section"));
  EXPECT_THAT(run.trace(), ElementsAre("start Dying"));
}

TEST(Catch2EndOfRunTest, ServicesAreStoppedIfAListenerThrows) {
  const ProgramRun run("own_main", "[good],[listener-throws]");
  EXPECT_NE(run.exit_code(), 0);
  EXPECT_THAT(run.text(), HasSubstr("thrown by a listener"));
  EXPECT_THAT(run.trace(), ElementsAre("start Good", "stop Good"));
}

TEST(Catch2EndOfRunTest, ATestCaseThatCrashesLeavesNothing) {
  const ProgramRun run("suite_services", "talking: crashes");
  EXPECT_EQ(run.exit_code(), -SIGABRT);
  EXPECT_THAT(run.document(), HasSubstr("SIGABRT"));
  // The supervisor stops it, after the end of the program.
  EXPECT_TRUE(WaitUntil([&] { return run.trace().size() == 2; }));
  EXPECT_THAT(run.trace(), ElementsAre("start Talking", "stop Talking"));
}

// Catch2 ends the run from a signal handler.
TEST(Catch2EndOfRunTest, ATestCaseThatCrashesWaitsForNoServiceToStop) {
  const ProgramRun run("suite_services", "stubborn: crashes");
  EXPECT_EQ(run.exit_code(), -SIGABRT);  // and not SIGKILL
}

TEST(Catch2EndOfRunTest, ARepeatedRunStartsAndReportsAgain) {
  const ProgramRun run("own_main", "[good]", {}, {{"RUNS", "2"}}, "console");
  EXPECT_EQ(run.exit_code(), 0) << run.document();
  EXPECT_THAT(run.trace(), ElementsAre("start Good", "stop Good", "start Good", "stop Good"));
  const ProgramRun failing("own_main", "never ready", {}, {{"RUNS", "2"}}, "console");
  EXPECT_NE(failing.exit_code(), 0);
  EXPECT_EQ(Count(failing.document(), "waited for:"), 2) << failing.document();
}

// After the last test case, no test case can fail.
TEST(Catch2EndOfRunTest, AnUncleanStopFailsTheProgram) {
  for (const std::string name : {"BadEnd", "FreshBadEnd"}) {
    const std::string macro = name == "BadEnd" ? "MIRAKURU_FIXTURE(" : "MIRAKURU_TEST_FIXTURE(";
    const ProgramRun run("suite_services",
                         name == "BadEnd" ? "bad end: passes" : "fresh bad end: passes");
    EXPECT_EQ(run.exit_code(), 1);
    EXPECT_THAT(run.report().failed, IsEmpty());
    EXPECT_THAT(run.text(),
                AllOf(ContainsRegex(PlaceOf("suite_services", macro + name + ",") + " FAILED:\n"),
                      HasSubstr(name + " did not stop cleanly: "), HasSubstr("exited with 7")));
  }
}

TEST(Catch2EndOfRunTest, AnUncleanStopLeavesTheStatusOfARunThatFailedAnyway) {
  const ProgramRun failing("suite_services", "plain: fails four times");
  const ProgramRun run("suite_services", "plain: fails four times,bad end: passes");
  EXPECT_EQ(run.exit_code(), failing.exit_code());
  EXPECT_THAT(run.text(), HasSubstr("BadEnd did not stop cleanly: "));
}

}  // namespace
}  // namespace mirakuru::tests
