// start, stop, kill, restart, stopped, paused and wait, in every order.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "mirakuru/mirakuru.hpp"
#include "support/environment.hpp"
#include "support/leftovers.hpp"
#include "support/service.hpp"
#include "support/sockets.hpp"
#include "support/temp_dir.hpp"
#include "support/thrown.hpp"
#include "support/wait_until.hpp"

namespace mirakuru::tests {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// Starts it, and returns when its main process has ended.
void StartAndWaitForEnd(SimpleExecutor& executor) {
  executor.start();
  ASSERT_TRUE(WaitUntil([&] { return executor.exit_status().has_value(); }));
}

Command ExitsWith(int code) {
  return Command({Service("exits_with"), "--code=" + std::to_string(code)});
}

Command IgnoresSigterm(const Mark& mark) {
  return Command({Service("ignores_sigterm"), mark.argument()});
}

// --- start and stop, repeatedly

TEST(Start, IsHarmlessIfItRunsAlready) {
  SimpleExecutor executor("sleep 60");
  const int pid = executor.start().pid();
  EXPECT_EQ(executor.start().pid(), pid);
}

TEST(Start, StartsAnewAfterAStop) {
  SimpleExecutor executor("sleep 60");
  const int first = executor.start().pid();
  executor.stop();
  EXPECT_NE(executor.start().pid(), first);
  EXPECT_TRUE(executor.running());
}

TEST(Start, StartsAnewAfterItDied) {
  OutputExecutor executor(Command::shell("echo ready; read line; exit 3"), "ready");
  executor.start();
  const int first = executor.pid();
  executor.input().write("die\n");
  ASSERT_TRUE(WaitUntil([&] { return executor.died(); }));
  executor.start();
  EXPECT_NE(executor.pid(), first);
  EXPECT_TRUE(executor.running());
  EXPECT_FALSE(executor.died());
  EXPECT_FALSE(executor.exit_status());
}

TEST(Stop, IsHarmlessIfItNeverRan) {
  SimpleExecutor executor("sleep 60");
  EXPECT_NO_THROW(executor.stop());
  EXPECT_FALSE(executor.running());
}

TEST(Stop, IsHarmlessTheSecondTime) {
  SimpleExecutor executor("sleep 60");
  executor.start().stop();
  EXPECT_NO_THROW(executor.stop());
  EXPECT_FALSE(executor.running());
}

TEST(Stop, LeavesNothingOfGroupsAndSessionsThatChildrenMade) {
  const Mark mark;
  OutputExecutor executor(
      {Service("forks_children_in_own_groups"), "--children=3", mark.argument()}, "ready");
  executor.start();
  EXPECT_THAT(mark.processes(), SizeIs(7)) << "otherwise this test proves nothing";
  executor.stop();
  EXPECT_THAT(mark.processes(), IsEmpty());
}

TEST(Stop, LeavesNothingOfDaemons) {
  const Mark mark;
  PidExecutor executor({Service("daemonizes_and_forgets_its_environment"), "--stays",
                        "--pid-file={tmpdir}/pid", mark.argument()},
                       "{tmpdir}/pid");
  executor.start();
  EXPECT_THAT(mark.processes(), SizeIs(2));
  executor.stop();
  EXPECT_THAT(mark.processes(), IsEmpty());
}

TEST(Stop, EndsWhatTheMainProcessLeftBehind) {
  const Mark mark;
  SimpleExecutor executor({Service("leaves_a_child_behind"), mark.argument()});
  executor.start();
  executor.wait(10s);
  EXPECT_TRUE(executor.running()) << "its child lives";
  EXPECT_THAT(mark.processes(), SizeIs(1));
  executor.stop();
  EXPECT_FALSE(executor.running());
  EXPECT_THAT(mark.processes(), IsEmpty());
}

TEST(Stop, KillsAfterItsTimeoutWhatIgnoresTheStopSignal) {
  const Mark mark;
  OutputExecutor executor(IgnoresSigterm(mark), "ignoring", {.stop_timeout = 50ms});
  executor.start();
  const auto error = Thrown<ProcessFinishedWithError>([&] { executor.stop(); });
  EXPECT_EQ(error.exit_status().returncode(), -SIGKILL);
  EXPECT_THAT(error.what(),
              AllOf(HasSubstr("SIGTERM"), HasSubstr("SIGKILL"), HasSubstr(InWords(50ms))));
  EXPECT_THAT(mark.processes(), IsEmpty());
}

TEST(Stop, KillsStragglersWithoutBlamingTheMainProcess) {
  const Mark mark;
  OutputExecutor executor({Service("leaves_a_child_behind"), "--child-ignores-sigterm",
                           "--after-line", mark.argument()},
                          "ready", {.stop_timeout = 50ms});
  executor.start();
  EXPECT_THAT(mark.processes(), SizeIs(2));
  EXPECT_NO_THROW(executor.stop());
  EXPECT_THAT(mark.processes(), IsEmpty());
}

TEST(Stop, KillsAtOnceIfItsTimeoutIsZero) {
  const Mark mark;
  OutputExecutor executor(IgnoresSigterm(mark), "ignoring",
                          {.stop_timeout = 0ms, .expected_returncode = -SIGKILL});
  executor.start().stop();
  EXPECT_THAT(mark.processes(), IsEmpty());
}

TEST(Stop, SendsTheGivenStopSignal) {
  OutputExecutor executor(Command::shell("trap 'echo interrupted; exit 0' INT; echo ready; "
                                         "while :; do sleep 0.01; done"),
                          "ready", {.stop_signal = SIGINT});
  executor.start().stop();
  EXPECT_THAT(executor.output().text(), HasSubstr("interrupted"));
}

TEST(Stop, SendsTheGivenKillSignal) {
  const Mark mark;
  OutputExecutor executor(
      IgnoresSigterm(mark), "ignoring",
      {.stop_timeout = 20ms, .kill_signal = SIGUSR1, .expected_returncode = -SIGUSR1});
  EXPECT_NO_THROW(executor.start().stop());
  EXPECT_EQ(executor.exit_status()->signal(), SIGUSR1);
}

// --- statuses

TEST(Stop, AcceptsZeroAndTheStopSignal) {
  SimpleExecutor ended(ExitsWith(0));
  StartAndWaitForEnd(ended);
  EXPECT_NO_THROW(ended.stop());
  SimpleExecutor stopped("sleep 60");
  EXPECT_NO_THROW(stopped.start().stop());
  EXPECT_EQ(stopped.exit_status()->returncode(), -SIGTERM);
}

TEST(Stop, ReportsAWrongStatusOnce) {
  SimpleExecutor executor(ExitsWith(3), {.name = "worker"});
  StartAndWaitForEnd(executor);
  const auto error = Thrown<ProcessFinishedWithError>([&] { executor.stop(); });
  EXPECT_EQ(error.exit_status().code(), 3);
  EXPECT_THAT(error.what(), AllOf(HasSubstr("worker"), HasSubstr("exited with 3")));
  EXPECT_NO_THROW(executor.stop());
}

TEST(Stop, ReportsACrash) {
  SimpleExecutor executor({Service("dies_by_signal"), "--signal=" + std::to_string(SIGSEGV)});
  StartAndWaitForEnd(executor);
  const auto error = Thrown<ProcessFinishedWithError>([&] { executor.stop(); });
  EXPECT_EQ(error.exit_status().signal(), SIGSEGV);
  EXPECT_THAT(error.what(), HasSubstr("SIGSEGV"));
}

TEST(Stop, ReportsAWrongStatusAfterTheStopSignal) {
  OutputExecutor executor({Service("exits_with_code_on_sigterm"), "--code=142"}, "ready");
  executor.start();
  const auto error = Thrown<ProcessFinishedWithError>([&] { executor.stop(); });
  EXPECT_EQ(error.exit_status().code(), 142);
  EXPECT_FALSE(executor.running());
}

// As JVMs and shells end.
TEST(Stop, Accepts128PlusTheStopSignal) {
  OutputExecutor executor({Service("exits_with_code_on_sigterm"), "--code=143"}, "ready");
  executor.start();
  EXPECT_NO_THROW(executor.stop());
  EXPECT_EQ(executor.exit_status()->code(), 143);
}

TEST(Stop, RejectsTheCodeOfAnotherSignal) {
  OutputExecutor executor(
      Command::shell("trap 'exit 143' INT; echo ready; while :; do sleep 0.01; done"), "ready",
      {.stop_signal = SIGINT});
  executor.start();
  EXPECT_THROW(executor.stop(), ProcessFinishedWithError);
}

TEST(Stop, AcceptsTheExpectedReturncode) {
  OutputExecutor code({Service("exits_with_code_on_sigterm"), "--code=3"}, "ready",
                      {.expected_returncode = 3});
  EXPECT_NO_THROW(code.start().stop());
  SimpleExecutor signal({Service("dies_by_signal"), "--signal=" + std::to_string(SIGABRT)},
                        {.expected_returncode = -SIGABRT});
  StartAndWaitForEnd(signal);
  EXPECT_NO_THROW(signal.stop());
}

TEST(Stop, IgnoresAStatusThatWaitReturned) {
  SimpleExecutor executor(ExitsWith(3));
  EXPECT_EQ(executor.start().wait(10s).code(), 3);
  EXPECT_NO_THROW(executor.stop());
}

TEST(Kill, IgnoresTheStatus) {
  SimpleExecutor executor(ExitsWith(3));
  StartAndWaitForEnd(executor);
  EXPECT_NO_THROW(executor.kill());
  EXPECT_NO_THROW(executor.stop()) << "kill() discards the status";
}

TEST(Kill, EndsAtOnceWhatIgnoresTheStopSignal) {
  const Mark mark;
  OutputExecutor executor(IgnoresSigterm(mark), "ignoring", {.stop_timeout = forever});
  executor.start().kill();
  EXPECT_THAT(mark.processes(), IsEmpty());
  EXPECT_EQ(executor.exit_status()->signal(), SIGKILL);
}

TEST(Kill, IsHarmlessIfNothingRuns) {
  SimpleExecutor executor("sleep 60");
  EXPECT_NO_THROW(executor.kill());
  EXPECT_NO_THROW(executor.start().stop().kill().kill());
}

// --- destructor

TEST(Destructor, StopsWhatRuns) {
  const Mark mark;
  {
    OutputExecutor executor(
        {Service("forks_children_in_own_groups"), "--children=1", mark.argument()}, "ready");
    executor.start();
    EXPECT_THAT(mark.processes(), SizeIs(3));
  }
  EXPECT_THAT(mark.processes(), IsEmpty());
}

TEST(Destructor, ThrowsNothingWhateverTheStatus) {
  const Mark mark;
  {
    OutputExecutor ignores(IgnoresSigterm(mark), "ignoring", {.stop_timeout = 20ms});
    ignores.start();
    SimpleExecutor died(ExitsWith(3));
    StartAndWaitForEnd(died);
    const SimpleExecutor never("sleep 60");
  }
  EXPECT_THAT(mark.processes(), IsEmpty());
}

TEST(Destructor, StopsWhenAnExceptionPassesBy) {
  const Mark mark;
  EXPECT_THROW(
      {
        OutputExecutor executor(IgnoresSigterm(mark), "ignoring", {.stop_timeout = 20ms});
        executor.start();
        throw std::out_of_range("of the test's own");
      },
      std::out_of_range);
  EXPECT_THAT(mark.processes(), IsEmpty());
}

// --- restart, stopped, paused

TEST(Restart, StartsAnotherProcess) {
  SimpleExecutor executor("sleep 60");
  const int first = executor.start().pid();
  executor.restart();
  EXPECT_NE(executor.pid(), first);
  EXPECT_FALSE(Lives(first));
  EXPECT_TRUE(executor.running());
}

TEST(Restart, StartsWhatDidNotRun) {
  SimpleExecutor executor("sleep 60");
  EXPECT_TRUE(executor.restart().running());
}

TEST(Restart, IgnoresHowTheOldProcessEnded) {
  OutputExecutor executor({Service("exits_with_code_on_sigterm"), "--code=9"}, "ready");
  executor.start();
  EXPECT_NO_THROW(executor.restart());
  EXPECT_FALSE(executor.exit_status());
  executor.kill();
}

TEST(Stopped, IsAnOutageForAsLongAsTheGuardLives) {
  TCPExecutor executor({Service("listens_on_port"), "--port={port}"}, "127.0.0.1:{port}");
  executor.start();
  {
    const auto outage = executor.stopped();
    EXPECT_FALSE(executor.running());
    EXPECT_FALSE(Connects("127.0.0.1", executor.port()));
    EXPECT_FALSE(executor.died()) << "it was asked to";
  }
  EXPECT_TRUE(executor.running());
  EXPECT_TRUE(Connects("127.0.0.1", executor.port()));
}

TEST(Stopped, CanBeEndedEarly) {
  SimpleExecutor executor("sleep 60");
  executor.start();
  auto outage = executor.stopped();
  outage.end();
  const int pid = executor.pid();
  EXPECT_TRUE(executor.running());
  outage.end();
  EXPECT_EQ(executor.pid(), pid) << "an outage ends once";
}

TEST(Stopped, LeavesAloneWhatDoesNotRun) {
  SimpleExecutor executor("sleep 60");
  { const auto outage = executor.stopped(); }
  EXPECT_FALSE(executor.running());
}

TEST(Stopped, ThrowsIfItDoesNotStartAgain) {
  const TempDir directory;
  WriteFile(directory / "may-start", "");
  OutputExecutor executor(
      Command::shell("test -e " + (directory / "may-start") + " || exit 3; echo ready; read line"),
      "ready");
  executor.start();
  const auto error = Thrown<ProcessExitedWithError>([&] {
    const auto outage = executor.stopped();
    std::filesystem::remove(directory / "may-start");
  });
  EXPECT_EQ(error.exit_status().code(), 3);
}

TEST(Stopped, ThrowsNothingIfAnExceptionIsOnItsWay) {
  const TempDir directory;
  WriteFile(directory / "may-start", "");
  OutputExecutor executor(
      Command::shell("test -e " + (directory / "may-start") + " || exit 3; echo ready; read line"),
      "ready");
  executor.start();
  EXPECT_THROW(
      {
        const auto outage = executor.stopped();
        std::filesystem::remove(directory / "may-start");
        throw std::out_of_range("of the test's own");
      },
      std::out_of_range);
}

TEST(Paused, PausesAllProcessesForAsLongAsTheGuardLives) {
  const Mark mark;
  OutputExecutor executor(
      {Service("forks_children_in_own_groups"), "--children=2", mark.argument()}, "ready");
  executor.start();
  {
    const auto pause = executor.paused();
    ASSERT_THAT(mark.processes(), SizeIs(5));
    for (const int pid : mark.processes()) EXPECT_EQ(StateOf(pid), 'T') << pid;
    EXPECT_TRUE(executor.running());
    EXPECT_FALSE(executor.died());
  }
  for (const int pid : mark.processes()) {
    EXPECT_TRUE(WaitUntil([pid] { return StateOf(pid) != 'T'; })) << pid;
  }
}

TEST(Paused, CanBeEndedEarly) {
  SimpleExecutor executor("cat");
  executor.start();
  auto pause = executor.paused();
  executor.input().write("while it is paused\n");
  EXPECT_THROW(executor.output().read_line(50ms), TimeoutExpired);
  pause.end();
  EXPECT_EQ(executor.output().read_line(), "while it is paused");
}

TEST(Paused, LeavesAloneWhatDoesNotRun) {
  SimpleExecutor executor("sleep 60");
  { const auto pause = executor.paused(); }
  EXPECT_FALSE(executor.running());
}

// A stopped process handles SIGTERM only after SIGCONT.
TEST(Paused, DoesNotKeepItFromBeingStopped) {
  SimpleExecutor executor("sleep 60", {.stop_timeout = forever});
  executor.start();
  const auto pause = executor.paused();
  executor.stop();
  EXPECT_FALSE(executor.running());
  EXPECT_EQ(executor.exit_status()->signal(), SIGTERM) << "it ended in an orderly way";
}

// --- wait, died, running, exit_status

TEST(Wait, GivesTheStatus) {
  SimpleExecutor executor({Service("exits_with"), "--code=7", "--after-line"});
  executor.start();
  EXPECT_FALSE(executor.exit_status());
  executor.input().write("now\n");
  EXPECT_EQ(executor.wait(10s).code(), 7);
  EXPECT_EQ(executor.exit_status()->code(), 7);
  EXPECT_EQ(executor.wait(10s).code(), 7) << "also on a second call";
}

TEST(Wait, GivesTheSignal) {
  SimpleExecutor executor({Service("dies_by_signal"), "--signal=" + std::to_string(SIGABRT)});
  EXPECT_EQ(executor.start().wait().signal(), SIGABRT);
}

TEST(Wait, GivesUpAfterItsTimeout) {
  SimpleExecutor executor("sleep 60", {.name = "sleeper"});
  executor.start();
  const auto error = Thrown<TimeoutExpired>([&] { executor.wait(50ms); });
  EXPECT_THAT(error.what(), AllOf(HasSubstr("sleeper"), HasSubstr(InWords(50ms))));
  EXPECT_TRUE(executor.running()) << "waiting ends nothing";
}

TEST(Wait, IsAnErrorIfItWasNeverStarted) {
  SimpleExecutor executor("sleep 60");
  EXPECT_THROW(executor.wait(50ms), ExecutorError);
}

TEST(Wait, GivesTheStatusAfterAStop) {
  SimpleExecutor executor("sleep 60");
  EXPECT_EQ(executor.start().stop().wait(10s).signal(), SIGTERM);
}

TEST(Died, IsTrueIfItEndedUnasked) {
  for (const std::string code : {"0", "3"}) {
    OutputExecutor executor(Command::shell("echo ready; read line; exit " + code), "ready");
    EXPECT_FALSE(executor.died());
    executor.start();
    EXPECT_FALSE(executor.died());
    executor.input().write("now\n");
    EXPECT_TRUE(WaitUntil([&] { return executor.died(); })) << code;
    EXPECT_FALSE(executor.running());
  }
}

// A SimpleExecutor may run a task that ends by itself.
TEST(Died, IsFalseIfASimpleExecutorEndedWithZero) {
  SimpleExecutor task("true");
  StartAndWaitForEnd(task);
  EXPECT_FALSE(task.died());
  SimpleExecutor failed("false");
  StartAndWaitForEnd(failed);
  EXPECT_TRUE(failed.died());
}

TEST(Died, IsFalseIfItWasAskedTo) {
  SimpleExecutor executor("sleep 60");
  EXPECT_FALSE(executor.start().stop().died());
  EXPECT_FALSE(executor.start().kill().died());
}

TEST(Died, IsFalseIfWaitSawIt) {
  SimpleExecutor executor(ExitsWith(3));
  executor.start().wait(10s);
  EXPECT_FALSE(executor.died());
}

TEST(Died, IsFalseIfItWasNeverReady) {
  OutputExecutor executor(ExitsWith(3), "never said");
  EXPECT_THROW(executor.start(), ProcessExitedWithError);
  EXPECT_FALSE(executor.died());
}

TEST(ExitStatusOf, TheLastStartIsUnknownAfterTheNextStart) {
  OutputExecutor executor({Service("exits_with_code_on_sigterm"), "--code=0"}, "ready");
  executor.start().stop();
  EXPECT_EQ(executor.exit_status()->code(), 0);
  executor.start();
  EXPECT_FALSE(executor.exit_status());
}

// --- several executors

TEST(Executors, AreIndependentOfEachOther) {
  SimpleExecutor one("sleep 60");
  SimpleExecutor other("sleep 60");
  one.start();
  other.start();
  one.stop();
  EXPECT_TRUE(other.running());
  EXPECT_TRUE(Lives(other.pid()));
}

std::size_t OpenDescriptors() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    ++count;
  }
  return count;
}

TEST(Executors, LeaveNoDescriptorBehindInTheTestProgram) {
  const auto start_one = [] {
    TCPExecutor executor({Service("listens_on_port"), "--port={port}"}, "127.0.0.1:{port}");
    executor.start().stop();
    executor.start();
  };
  start_one();  // for what is created only once
  const std::size_t before = OpenDescriptors();
  for (int i = 0; i < 10; ++i) start_one();
  EXPECT_EQ(OpenDescriptors(), before);
}

}  // namespace
}  // namespace mirakuru::tests
