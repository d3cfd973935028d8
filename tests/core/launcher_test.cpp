// Services whose main process is not the service: launchers, which ask another process to start it,
// and daemons.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "mirakuru/mirakuru.hpp"
#include "support/child_program.hpp"
#include "support/leftovers.hpp"
#include "support/service.hpp"
#include "support/sockets.hpp"
#include "support/temp_dir.hpp"
#include "support/thrown.hpp"

namespace mirakuru::tests {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;

// A process that starts a service when a file appears, like dockerd; the launcher creates that
// file, and ends.
struct Launched {
  explicit Launched(const Options& options, const std::string& script = "touch {tmpdir}/start")
      : executor(Command::shell(script), "127.0.0.1:{port:service}", options),
        daemon({Service("listens_on_port"), "--port=" + std::to_string(executor.port("service")),
                "--after-file=" + executor.expand("{tmpdir}/start"), "--after-ms=30"}) {}

  TCPExecutor executor;
  ChildProgram daemon;
};

TEST(Launcher, MayEndBeforeTheServiceIsReady) {
  Launched launched({.launcher = true});
  EXPECT_NO_THROW(launched.executor.start());
  EXPECT_TRUE(Connects("127.0.0.1", launched.executor.port("service")));
  EXPECT_FALSE(launched.executor.died());
  EXPECT_NO_THROW(launched.executor.stop());
}

TEST(Launcher, MustBeConfigured) {
  Launched launched({.launcher = false});
  EXPECT_THROW(launched.executor.start(), ProcessExitedWithError);
}

TEST(Launcher, FailsIfItsCommandDoes) {
  Launched launched({.start_timeout = forever, .launcher = true}, "echo no image >&2; exit 125");
  const auto error = Thrown<ProcessExitedWithError>([&] { launched.executor.start(); });
  EXPECT_EQ(error.exit_status().code(), 125);
  EXPECT_THAT(error.what(), HasSubstr("no image"));
}

TEST(Daemon, IsWaitedForAfterItsMainProcessEnded) {
  const Mark mark;
  TCPExecutor executor({Service("daemonizes_and_forgets_its_environment"), "--port={port}",
                        "--after-file={tmpdir}/go", mark.argument()},
                       "127.0.0.1:{port}", {.start_timeout = 300ms});
  EXPECT_THROW(executor.start(), TimeoutExpired) << "its main process ended with 0 long before";
  EXPECT_THAT(mark.processes(), IsEmpty());

  WriteFile(executor.expand("{tmpdir}/go"), "");
  executor.start();
  EXPECT_TRUE(executor.running());
  EXPECT_EQ(executor.exit_status()->code(), 0);
  EXPECT_FALSE(executor.died());
}

TEST(Daemon, ThatEndsBeforeItIsReadyFailsTheStartAtOnce) {
  TCPExecutor executor({Service("daemonizes_and_forgets_its_environment"), "--port={port}",
                        "--after-ms=30", "--ends"},
                       "127.0.0.1:{port}", {.start_timeout = forever});
  EXPECT_THROW(executor.start(), ProcessExitedWithError);
}

TEST(Daemon, DiesWhenTheLastOfItsProcessesDoes) {
  PidExecutor executor(
      {Service("daemonizes_and_forgets_its_environment"), "--pid-file={tmpdir}/pid"},
      "{tmpdir}/pid");
  executor.start();
  EXPECT_FALSE(executor.died());
  kill(std::atoi(ReadFile(executor.path()).c_str()), SIGKILL);
  EXPECT_TRUE(WaitUntil([&] { return executor.died(); }));
  EXPECT_FALSE(executor.running());
}

// The code with which the main process ends after the service is ready, leaving another process,
// and whether the service has died then.
using EndOfMain = std::pair<int, bool>;
class MainProcessThatLeavesOthers : public testing::TestWithParam<EndOfMain> {};

TEST_P(MainProcessThatLeavesOthers, HasBecomeADaemonIfItsCodeIsZero) {
  const auto& [code, died] = GetParam();
  OutputExecutor executor(
      Command::shell("sleep 1000 & echo $!; read line; exit " + std::to_string(code)), "[0-9]+",
      {.std_in = Stream::pipe()});
  executor.start();
  EXPECT_FALSE(executor.died());
  executor.input().close();
  EXPECT_TRUE(WaitUntil([&] { return executor.exit_status().has_value(); }));
  EXPECT_TRUE(executor.running());
  EXPECT_EQ(executor.died(), died);
  kill(std::atoi(executor.output().text().c_str()), SIGKILL);
  EXPECT_TRUE(WaitUntil([&] { return executor.died(); })) << "with the last of its processes";
}

INSTANTIATE_TEST_SUITE_P(With, MainProcessThatLeavesOthers,
                         testing::Values(EndOfMain(0, false), EndOfMain(3, true)));

TEST(Daemon, IsPausedWithItsChildren) {
  const Mark mark;
  PidExecutor executor({Service("daemonizes_and_forgets_its_environment"),
                        "--pid-file={tmpdir}/pid", mark.argument()},
                       "{tmpdir}/pid");
  executor.start();
  const int daemon = std::atoi(ReadFile(executor.path()).c_str());
  {
    const auto pause = executor.paused();
    EXPECT_EQ(StateOf(daemon), 'T');
  }
  EXPECT_TRUE(WaitUntil([&] { return StateOf(daemon) != 'T'; }));
}

TEST(MainProcess, ThatEndsWithZeroAndLeavesNothingHasFailedAtOnce) {
  TCPExecutor executor("true {port}", "127.0.0.1:{port}", {.start_timeout = forever});
  const auto error = Thrown<ProcessExitedWithError>([&] { executor.start(); });
  EXPECT_EQ(error.exit_status().code(), 0);
  EXPECT_THAT(error.what(), HasSubstr("exited with 0"));
}

TEST(MainProcess, ThatEndsWithAnErrorHasFailedWhateverItLeft) {
  const Mark mark;
  TCPExecutor executor({Service("leaves_a_child_behind"), "--code=3", mark.argument()},
                       "127.0.0.1:{port}", {.start_timeout = forever});
  const auto error = Thrown<ProcessExitedWithError>([&] { executor.start(); });
  EXPECT_EQ(error.exit_status().code(), 3);
  EXPECT_THAT(mark.processes(), IsEmpty());
}

}  // namespace
}  // namespace mirakuru::tests
