// What becomes of fixtures if ctest does not get to their end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <chrono>
#include <csignal>
#include <string>

#include "commands.hpp"
#include "support/run_program.hpp"

namespace mirakuru::tests {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr std::chrono::seconds kSoon(10);

std::string AddMarked(const std::string& name, const Mark& mark, const std::string& arguments = "",
                      const std::string& options = "READY OUTPUT ready") {
  return AddObedient(name, mark.argument() + " " + arguments, options);
}

TEST(CtestEnd, KillEndsFixtures) {
  const Mark mark;
  ScratchProject project;
  project.build(kMirakuru + AddMarked("worker", mark) +
                AddMarked("other", mark, "", "READY OUTPUT ready DEPENDS worker") +
                AddBlocked("other", "OTHER_PID"));
  BlockedCtest blocked(project);
  EXPECT_EQ(mark.processes().size(), 2U);
  blocked.ctest().kill();
  EXPECT_TRUE(mark.gone_within(kSoon));
}

TEST(CtestEnd, SigintEndsFixtures) {
  const Mark mark;
  ScratchProject project;
  project.build(kMirakuru + AddMarked("worker", mark) + AddBlocked("worker", "WORKER_PID"));
  BlockedCtest blocked(project);
  EXPECT_EQ(mark.processes().size(), 1U);
  kill(blocked.ctest().pid(), SIGINT);
  EXPECT_TRUE(mark.gone_within(kSoon));
}

// The control: without an owner, a fixture outlives ctest.
TEST(CtestEnd, LeavesWhatHasNoOwner) {
  const Mark owned;
  const Mark free;
  ScratchProject project;
  project.build(kMirakuru + AddMarked("worker", owned) + AddBlocked("worker", "WORKER_PID") +
                "add_test(NAME free.up COMMAND mirakuru::command up --owner none "
                "--directory $ENV{DIRECTORY}/free --name free --ready output:ready -- " +
                Service("does_as_told") + " " + free.argument() +
                ")\n"
                "set_tests_properties(free.up PROPERTIES FIXTURES_SETUP free)\n"
                "set_property(TEST blocked APPEND PROPERTY FIXTURES_REQUIRED free)\n");
  BlockedCtest blocked(project);
  blocked.ctest().kill();
  EXPECT_TRUE(owned.gone_within(kSoon));
  EXPECT_THAT(free.processes(), Not(IsEmpty()));

  const Finished down =
      RunToTheEnd({MIRAKURU_COMMAND, "down", "--directory", project / "free", "free"});
  EXPECT_EQ(down.exit_code, 0) << down.text;
  EXPECT_TRUE(free.gone_within(kSoon));
}

TEST(CtestEnd, KillDuringSetupLeavesNothing) {
  const Mark mark;
  ScratchProject project;
  project.build(kMirakuru +
                AddMarked("worker", mark, "--makes=$ENV{DIRECTORY}/started --never-ready") +
                AddScript("uses_it", "worker"));
  auto ctest = project.start_ctest();
  EXPECT_TRUE(WaitUntil([&] { return std::filesystem::exists(project / "started"); }));
  EXPECT_EQ(mark.processes().size(), 1U);
  ctest->kill();
  EXPECT_TRUE(Mark(project.path()).gone_within(kSoon));
}

TEST(CtestEnd, TimeoutOfASetupLeavesNothing) {
  ScratchProject project;
  const Finished ctest =
      project.run_ctest(kMirakuru + AddObedient("worker", "--never-ready") +
                        "set_tests_properties(mirakuru.worker.up PROPERTIES TIMEOUT 1)\n" +
                        AddScript("uses_it", "worker"));
  EXPECT_EQ(ctest.exit_code, 8) << ctest.text;
  EXPECT_THAT(ctest.text, AllOf(ContainsRegex("mirakuru.worker.up \\.*\\*+Timeout"),
                                ContainsRegex("uses_it \\.*\\*+Not Run")));
  EXPECT_THAT(project.trace(), HasSubstr("start worker "));
  EXPECT_TRUE(Mark(project.path()).gone_within(kSoon));
}

TEST(CtestEnd, StopOnFailureLeavesNothing) {
  ScratchProject project;
  project.build(kMirakuru + AddObedient("worker") + AddScript("fails", "worker", "exit 1"));
  const Finished ctest = project.ctest({"--stop-on-failure"});
  EXPECT_EQ(ctest.exit_code, 8) << ctest.text;
  EXPECT_TRUE(Mark(project.path()).gone_within(kSoon));
  EXPECT_THAT(project.trace(), HasSubstr("stop worker "));
}

// Or else whoever reads what `mirakuru up` says would wait for the end of the service.
TEST(CtestEnd, OfASetupLeavesItsOutputToNobody) {
  const Mark mark;
  const TempDir directory;
  const auto begin = std::chrono::steady_clock::now();
  const Finished up =
      RunToTheEnd({MIRAKURU_COMMAND, "up", "--directory", directory.path(), "--name", "worker",
                   "--ready", "output:ready", "--", Service("does_as_told"), mark.argument()});
  const auto time = std::chrono::steady_clock::now() - begin;
  EXPECT_THAT(mark.processes(), Not(IsEmpty()));
  const Finished down = RunToTheEnd({MIRAKURU_COMMAND, "down", "--directory", directory.path()});
  EXPECT_EQ(up.exit_code, 0) << up.text;
  EXPECT_LT(time, std::chrono::seconds(20)) << "RunToTheEnd() waited for the end of its output";
  EXPECT_EQ(down.exit_code, 0) << down.text;
  EXPECT_TRUE(mark.gone_within(kSoon));
}

}  // namespace
}  // namespace mirakuru::tests
