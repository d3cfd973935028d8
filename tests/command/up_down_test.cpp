// mirakuru up and mirakuru down.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "run.hpp"
#include "support/text.hpp"

namespace mirakuru::tests {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ContainsRegex;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

using UpCommand = CommandTest;
using DownCommand = CommandTest;

// That it returns is a part of the test: nobody may hold its stdout.
TEST_F(UpCommand, ReturnsWhenTheServiceIsReadyAndLeavesItRunning) {
  const Apart up = run_apart(Words{"up"} + service("worker", {"{port}", "{port:admin}"}));
  EXPECT_EQ(up.exit_code, 0) << up.err;
  EXPECT_EQ(up.err, "");
  const int pid = pid_of("worker");
  EXPECT_EQ(up.out, "worker is ready (pid " + std::to_string(pid) + ", port " +
                        print("worker", "port") + ", admin port " + print("worker", "port:admin") +
                        ")\n");
  EXPECT_TRUE(Lives(pid));
  EXPECT_TRUE(Lives(daemon_of("worker")));
}

TEST_F(UpCommand, IsDetachedFromItsStarter) {
  up(service("worker"));
  const std::string daemon = "/proc/" + std::to_string(daemon_of("worker"));
  for (const char* fd : {"0", "1", "2"}) {
    EXPECT_EQ(std::filesystem::read_symlink(daemon + "/fd/" + fd), "/dev/null");
  }
  EXPECT_NE(getsid(daemon_of("worker")), getsid(0));
}

TEST_F(UpCommand, StartsSeveralConcurrently) {
  up(service("a", {"--makes=" + path("a"), "--after-file=" + path("b")}) + Words{"::"} +
     service("b", {"--makes=" + path("b"), "--after-file=" + path("a")}));
  EXPECT_TRUE(Lives(pid_of("a")));
  EXPECT_TRUE(Lives(pid_of("b")));
}

TEST_F(UpCommand, FillsInPlaceholdersOfServicesThatRun) {
  up(service("redis", {"{port}", "{port:admin}"}));
  up({"--name=api", "--ready=output:.", "--", "sh", "-c",
      "echo {redis.port} {redis.port:admin} {redis.tmpdir}; exec sleep 60"});
  EXPECT_EQ(RunMirakuru({"logs", "api"}).text, print("redis", "port") + " " +
                                                   print("redis", "port:admin") + " " +
                                                   print("redis", "tmpdir") + "\n");
}

TEST_F(UpCommand, TellsWhyAServiceIsNotReady) {
  const Apart up = run_apart(Words{"up", "--timeout=0.3"} + service("worker", {"--never-ready"}));
  EXPECT_EQ(up.exit_code, 69);
  EXPECT_EQ(up.out, "");
  EXPECT_THAT(up.err, AllOf(HasSubstr("worker: not ready within"), HasSubstr("waited for:")));
  EXPECT_TRUE(mark().gone_within(std::chrono::seconds(10)));
}

TEST_F(UpCommand, StopsTheOthersIfOneIsNotReady) {
  const Finished up =
      RunMirakuru(Words{"up"} + service("fast") +
                  Words{"::", "--ready=output:never", "--", "sh", "-c",
                        "until grep -q start \"$0\"; do sleep 0.01; done; exit 3", path("trace")});
  EXPECT_EQ(up.exit_code, 69);
  EXPECT_THAT(up.text, HasSubstr("sh: ended before it was ready: exited with 3"));
  EXPECT_TRUE(mark().gone_within(std::chrono::seconds(10)));
  EXPECT_EQ(RunMirakuru({"print", "fast"}).exit_code, 69);
}

TEST_F(UpCommand, RefusesASecondOneOfTheName) {
  up(service("worker"));
  const int pid = pid_of("worker");
  const Apart second = run_apart(Words{"up"} + service("worker"));
  EXPECT_EQ(second.exit_code, 69);
  EXPECT_THAT(second.err, HasSubstr("worker is already running (pid " + std::to_string(pid) +
                                    "); `mirakuru down worker` stops it"));
  EXPECT_EQ(pid_of("worker"), pid);
  EXPECT_TRUE(Lives(pid));
  EXPECT_THAT(trace(), ElementsAre("start worker"));
  up(service("another"));
}

TEST_F(UpCommand, RefusesTheSlowerOneOfTwoAtTheSameTime) {
  const Words words{MIRAKURU_COMMAND, "up"};
  ChildProgram fast(words + service("worker", {"--after-file=" + path("fast")}));
  ChildProgram slow(words + service("worker", {"--after-file=" + path("slow")}));
  ASSERT_TRUE(WaitUntil([&] { return trace().size() == 2; }));
  WriteFile(path("fast"), "");
  EXPECT_EQ(fast.wait_for_end(), 0) << fast.text();
  const int pid = pid_of("worker");
  WriteFile(path("slow"), "");
  EXPECT_EQ(WEXITSTATUS(slow.wait_for_end()), 69);
  EXPECT_THAT(slow.text(), HasSubstr("worker is already running"));
  EXPECT_EQ(pid_of("worker"), pid);
  // It, and its daemon by the words of `up`.
  EXPECT_TRUE(WaitUntil([&] { return mark().processes().size() == 2; }));
  EXPECT_THAT(mark().processes(), UnorderedElementsAre(pid, daemon_of("worker")));
}

TEST_F(UpCommand, RefusesAllButOneThatGetReadyAtTheSameInstant) {
  for (int round = 0; round < 5; ++round) {
    const std::string go = path("go" + std::to_string(round));
    std::vector<std::unique_ptr<ChildProgram>> ups;
    ups.reserve(6);
    for (int i = 0; i < 6; ++i) {
      ups.push_back(std::make_unique<ChildProgram>(Words{MIRAKURU_COMMAND, "up"} +
                                                   service("worker", {"--after-file=" + go})));
    }
    ASSERT_TRUE(
        WaitUntil([&] { return Count(ReadFile(path("trace")), "start ") == 6 * (round + 1); }));
    WriteFile(go, "");
    int ready = 0;
    for (const auto& up : ups) ready += up->wait_for_end() == 0 ? 1 : 0;
    EXPECT_EQ(ready, 1);
    EXPECT_EQ(RunMirakuru({"down"}).exit_code, 0);
    EXPECT_TRUE(mark().gone_within(std::chrono::seconds(10)));
  }
}

TEST_F(UpCommand, IsSeparateFromOtherDirectories) {
  up(service("worker"));
  const Words there{"--directory", path("there")};
  up(there + service("worker"));
  const Finished pid_there = RunMirakuru(Words{"print"} + there + Words{"worker", "pid"});
  EXPECT_NE(std::atoi(pid_there.text.c_str()), pid_of("worker"));
  EXPECT_EQ(RunMirakuru(Words{"down"} + there).exit_code, 0);
  EXPECT_TRUE(ends(std::atoi(pid_there.text.c_str())));
  EXPECT_TRUE(Lives(pid_of("worker")));
}

TEST_F(UpCommand, LeavesNothingIfItIsKilledWhileItWaits) {
  for (const int signal : {SIGKILL, SIGTERM}) {
    ChildProgram up(Words{MIRAKURU_COMMAND, "up"} + service("worker", {"--never-ready"}));
    ASSERT_TRUE(WaitUntil([&] { return !mark().processes().empty() && !trace().empty(); }));
    ::kill(up.pid(), signal);
    up.wait_for_end();
    EXPECT_TRUE(mark().gone_within(std::chrono::seconds(10)));
    std::filesystem::remove(path("trace"));
  }
}

TEST_F(UpCommand, LeavesNothingIfItsDaemonIsKilled) {
  const ScopedVariable directories("MIRAKURU_DIR", path("run"));
  std::filesystem::create_directory(path("run"));
  up({"--name=forks", "--ready=output:ready", "--", Service("forks_children_in_own_groups"),
      mark().argument()});
  // The seven of the service, and the daemon by the words of `up`.
  EXPECT_THAT(mark().processes(), testing::SizeIs(8));
  ::kill(daemon_of("forks"), SIGKILL);
  EXPECT_TRUE(mark().gone_within(std::chrono::seconds(10)));
  EXPECT_TRUE(WaitUntil([&] { return std::filesystem::is_empty(path("run")); }));
  // The record that it left does no harm.
  EXPECT_EQ(RunMirakuru({"print", "forks"}).exit_code, 69);
  EXPECT_EQ(RunMirakuru({"down", "forks"}).text, "forks is not running\n");
  up(Words{"--name=forks"} + service("forks"));
}

TEST_F(UpCommand, StopsTheServicesIfItsDaemonIsAskedTo) {
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
    up(service("worker"));
    ::kill(daemon_of("worker"), signal);
    EXPECT_TRUE(traces("stop worker"));
    EXPECT_TRUE(mark().gone_within(std::chrono::seconds(10)));
    std::filesystem::remove(path("trace"));
  }
}

// A service that takes its time to stop does not take the name of the next one with it.
TEST_F(UpCommand, TakesTheNameOfOneThatIsAboutToStop) {
  up({"--name=worker", "--stop-timeout=1", "--ready=output:ignoring", "--",
      Service("ignores_sigterm"), mark().argument()});
  const int old_pid = pid_of("worker");
  const int old_daemon = daemon_of("worker");
  ::kill(old_daemon, SIGTERM);
  ASSERT_TRUE(WaitUntil([&] { return !std::filesystem::exists(path("fixtures/worker.service")); }));
  up(service("worker"));
  const int pid = pid_of("worker");
  EXPECT_TRUE(ends(old_daemon));
  EXPECT_FALSE(Lives(old_pid));
  EXPECT_EQ(pid_of("worker"), pid);
  EXPECT_TRUE(Lives(pid));
}

// --owner

TEST_F(UpCommand, StopsWithItsOwner) {
  ChildProgram owner({"sleep", "60"});
  up(Words{"--owner", std::to_string(owner.pid())} + service("owned"));
  // The control: one that is nobody's, started by a process that has ended.
  const Finished shell = RunToTheEnd(
      Words{"sh", "-c", "\"$0\" \"$@\"; true", MIRAKURU_COMMAND, "up"} + service("free"));
  ASSERT_EQ(shell.exit_code, 0) << shell.text;
  const int owned = pid_of("owned");
  owner.kill();
  owner.wait_for_end();
  EXPECT_TRUE(ends(owned));
  EXPECT_TRUE(WaitUntil([] { return RunMirakuru({"print", "owned"}).exit_code == 69; }));
  EXPECT_THAT(trace(), Contains("stop owned"));
  EXPECT_TRUE(Lives(pid_of("free")));
}

TEST_F(UpCommand, StopsWithItsParentIfThatIsItsOwner) {
  ChildProgram parent(
      Words{"sh", "-c", "\"$0\" \"$@\"; exec sleep 60", MIRAKURU_COMMAND, "up", "--owner=parent"} +
      service("owned"));
  ASSERT_TRUE(parent.wait_for_text("owned is ready"));
  const int pid = pid_of("owned");
  parent.kill();
  EXPECT_TRUE(ends(pid));
  EXPECT_THAT(trace(), Contains("stop owned"));
}

TEST_F(UpCommand, StopsWithItsOwnerWhileItWaits) {
  ChildProgram owner({"sleep", "60"});
  ChildProgram up(Words{MIRAKURU_COMMAND, "up", "--owner", std::to_string(owner.pid())} +
                  service("owned", {"--never-ready"}));
  ASSERT_TRUE(traces("start owned"));
  owner.kill();
  owner.wait_for_end();
  EXPECT_EQ(WEXITSTATUS(up.wait_for_end()), 69);
}

TEST_F(UpCommand, RefusesAnOwnerThatHasEnded) {
  const Finished up =
      RunMirakuru(Words{"up", "--owner", std::to_string(EndedPid())} + service("owned"));
  EXPECT_EQ(up.exit_code, 1);
  EXPECT_THAT(up.text, HasSubstr("No such process"));
  EXPECT_THAT(trace(), IsEmpty());
}

// As `ctest --repeat` does.
TEST_F(UpCommand, SucceedsIfTheServicesOfItsOwnerRunAlready) {
  const Words words = Words{"up", "--owner", std::to_string(getpid())} + service("owned");
  EXPECT_EQ(RunMirakuru(words).exit_code, 0);
  EXPECT_EQ(RunMirakuru(words).exit_code, 0);
  EXPECT_THAT(trace(), ElementsAre("start owned"));
}

// mirakuru down

TEST_F(DownCommand, StopsAService) {
  up(service("worker"));
  const int daemon = daemon_of("worker");
  const Apart down = run_apart({"down", "worker"});
  EXPECT_EQ(down.exit_code, 0) << down.err;
  EXPECT_EQ(down.out, "worker is stopped\n");
  EXPECT_THAT(trace(), ElementsAre("start worker", "stop worker"));
  EXPECT_TRUE(ends(daemon));
}

TEST_F(DownCommand, LeavesWhatTheServicePrinted) {
  up(service("worker", {"--complains=hm"}));
  RunMirakuru({"down", "worker"});
  EXPECT_EQ(ReadFile(path("fixtures/worker.stdout.log")), "ready\n");
  EXPECT_EQ(ReadFile(path("fixtures/worker.stderr.log")), "hm\n");
}

TEST_F(DownCommand, SucceedsIfNotRunning) {
  const Apart one = run_apart({"down", "worker"});
  EXPECT_EQ(one.exit_code, 0);
  EXPECT_EQ(one.out, "worker is not running\n");
  const Apart all = run_apart({"down"});
  EXPECT_EQ(all.exit_code, 0);
  EXPECT_EQ(all.out + all.err, "");
}

TEST_F(DownCommand, StopsAllIfNoneIsNamed) {
  up(service("a"));
  up(service("b"));
  const Apart down = run_apart({"down"});
  EXPECT_EQ(down.exit_code, 0) << down.err;
  EXPECT_EQ(down.out, "a is stopped\nb is stopped\n");
  EXPECT_THAT(trace(), UnorderedElementsAre("start a", "stop a", "start b", "stop b"));
}

TEST_F(DownCommand, StopsOnlyThoseThatAreNamed) {
  up(service("a"));
  up(service("b"));
  EXPECT_EQ(RunMirakuru({"down", "a"}).exit_code, 0);
  EXPECT_THAT(trace(), AllOf(Contains("stop a"), Not(Contains("stop b"))));
  EXPECT_TRUE(Lives(pid_of("b")));
}

TEST_F(DownCommand, StopsWhatWasStartedTogether) {
  up(service("a") + Words{"::"} + service("b"));
  EXPECT_EQ(RunMirakuru({"down", "a", "b"}).exit_code, 0);
  EXPECT_THAT(trace(), AllOf(Contains("stop a"), Contains("stop b")));
}

TEST_F(DownCommand, TellsOfABadEnd) {
  up(service("worker", {"--exit-with=3"}));
  const Apart down = run_apart({"down"});
  EXPECT_EQ(down.exit_code, 70);
  EXPECT_THAT(down.err, ContainsRegex("worker: .*exited with 3"));
}

TEST_F(DownCommand, TellsOfSeveralBadEnds) {
  up(service("a", {"--exit-with=3"}) + Words{"::"} + service("b", {"--exit-with=4"}));
  const Apart down = run_apart({"down"});
  EXPECT_EQ(down.exit_code, 70);
  EXPECT_THAT(down.err, AllOf(ContainsRegex("(^|\n)a: .*exited with 3"),
                              ContainsRegex("(^|\n)b: .*exited with 4")));
}

TEST_F(DownCommand, TellsThatAServiceHadDied) {
  up(service("worker"));
  const int pid = pid_of("worker");
  ::kill(pid, SIGKILL);
  ASSERT_TRUE(ends(pid));
  const Apart down = run_apart({"down"});
  EXPECT_EQ(down.exit_code, 70);
  EXPECT_THAT(down.err, ContainsRegex("worker: .*SIGKILL"));
  EXPECT_EQ(RunMirakuru({"down", "worker"}).text, "worker is not running\n");
}

TEST_F(DownCommand, NamesAllThatItStops) {
  up(service("a") + Words{"::"} + service("b"));
  EXPECT_EQ(RunMirakuru({"down", "b"}).text, "a is stopped\nb is stopped\n");
}

TEST_F(DownCommand, KillsWhatDoesNotStop) {
  up({"--stop-timeout=0.2", "--ready=output:ignoring", "--", Service("ignores_sigterm"),
      mark().argument()});
  EXPECT_EQ(RunMirakuru({"down"}).exit_code, 70);
}

TEST_F(UpCommand, TakesANameInTheCurrentDirectory) {
  const Finished up = RunToTheEnd(Words{"sh", "-c", "cd \"$1\" && shift && exec \"$@\"", "sh",
                                        path(""), MIRAKURU_COMMAND, "up", "--directory=records"} +
                                  service("a"));
  EXPECT_EQ(up.exit_code, 0) << up.text;
  EXPECT_EQ(RunMirakuru({"down", "--directory", path("records")}).text, "a is stopped\n");
}

TEST_F(DownCommand, LeavesWhatBelongsToAnotherOwner) {
  ChildProgram other({"sleep", "60"});
  const auto owner = [](int pid) { return Words{"--owner", std::to_string(pid)}; };
  up(owner(getpid()) + service("ours"));
  up(owner(other.pid()) + service("theirs"));
  const Apart down = run_apart(Words{"down"} + owner(getpid()));
  EXPECT_EQ(down.exit_code, 0) << down.err;
  EXPECT_EQ(down.out, "ours is stopped\ntheirs has another owner (pid " +
                          std::to_string(other.pid()) + ")\n");
  EXPECT_TRUE(Lives(pid_of("theirs")));
}

}  // namespace
}  // namespace mirakuru::tests
