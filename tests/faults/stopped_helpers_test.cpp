// A call that waits for a supervisor or a shepherd that is stopped (SIGSTOP), and so never answers,
// ends in time with an error that names it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <functional>
#include <ostream>
#include <string>
#include <thread>

#include "mirakuru/mirakuru.hpp"
#include "support/environment.hpp"
#include "support/leftovers.hpp"
#include "support/processor_time.hpp"
#include "support/service.hpp"
#include "support/temp_dir.hpp"
#include "support/wait_until.hpp"
#include "test_program.hpp"

namespace mirakuru::tests {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

// A helper is given up after a second instead of eleven.
const ScopedVariable scale("MIRAKURU_TIMEOUT_SCALE", "0.1");

class Stopped {
 public:
  explicit Stopped(int pid) : pid_(pid) {
    kill(pid, SIGSTOP);
    EXPECT_TRUE(WaitUntil([pid] { return StateOf(pid) == 'T'; }));
  }
  ~Stopped() { kill(pid_, SIGCONT); }
  Stopped(const Stopped&) = delete;
  Stopped& operator=(const Stopped&) = delete;

 private:
  const int pid_;
};

std::string ErrorOf(const std::function<void()>& action) {
  try {
    action();
  } catch (const TimeoutExpired& error) {
    return error.what();
  }
  return "no TimeoutExpired";
}

struct Call {
  std::string name;
  std::function<void(SimpleExecutor&)> action;
};

std::ostream& operator<<(std::ostream& out, const Call& call) { return out << call.name; }

class StoppedShepherd : public testing::TestWithParam<Call> {};

TEST_P(StoppedShepherd, IsReportedByName) {
  SimpleExecutor executor("sleep 60");
  const int service = executor.start().pid();
  {
    const Stopped shepherd(ShepherdOf(service));
    EXPECT_THAT(ErrorOf([&] { GetParam().action(executor); }),
                HasSubstr("sleep: its shepherd (pid " + std::to_string(ShepherdOf(service)) +
                          "), the process that watches over it, has not answered for "));
    EXPECT_FALSE(executor.running());
  }
  EXPECT_TRUE(WaitUntil([&] { return !Lives(service); })) << "it ends when its shepherd goes on";
  EXPECT_TRUE(executor.start().running());
}

// The control: none of them fails if the shepherd is not stopped any more.
TEST_P(StoppedShepherd, IsNotReportedIfItContinues) {
  SimpleExecutor executor("sleep 60");
  { const Stopped shepherd(ShepherdOf(executor.start().pid())); }
  EXPECT_NO_THROW(GetParam().action(executor));
}

INSTANTIATE_TEST_SUITE_P(
    In, StoppedShepherd,
    testing::Values(Call{"Stop", [](SimpleExecutor& executor) { executor.stop(); }},
                    Call{"Kill", [](SimpleExecutor& executor) { executor.kill(); }},
                    Call{"Paused",
                         [](SimpleExecutor& executor) { const Pause pause = executor.paused(); }}),
    [](const auto& call) { return call.param.name; });

// Before the shepherd has reported that the program runs, or after it.
TEST(StoppedShepherd, DuringTheStartIsReportedByName) {
  for (int i = 0; i < 5; ++i) {
    int shepherd = 0;
    const TempDir directory;
    OutputExecutor executor(
        Command::shell("echo $PPID > " + (directory / "pid") + "; kill -STOP $PPID; exec sleep 60"),
        "never", {.start_timeout = 10s});
    EXPECT_THAT(ErrorOf([&] { executor.start(); }), HasSubstr("its shepherd (pid "));
    std::ifstream(directory / "pid") >> shepherd;
    ASSERT_GT(shepherd, 0);
    kill(shepherd, SIGCONT);
    EXPECT_TRUE(WaitUntil([&] { return !Lives(shepherd); }));
  }
}

TEST(StoppedSupervisor, IsReportedByName) {
  SimpleExecutor executor("sleep 60");
  const int supervisor = SupervisorOf(executor.start().pid());
  SimpleExecutor another("sleep 60");
  {
    const Stopped stopped(supervisor);
    EXPECT_THAT(ErrorOf([&] { another.start(); }),
                HasSubstr("sleep: the supervisor (pid " + std::to_string(supervisor) +
                          ") has not answered for "));
    EXPECT_TRUE(executor.running());
  }
  EXPECT_TRUE(another.start().running());
  EXPECT_TRUE(executor.running());
}

// The program of the check stops the supervisor, which then does not start it a second time.
TEST(StoppedSupervisor, IsReportedByACommandCheck) {
  SimpleExecutor other("sleep 60");
  const int supervisor = SupervisorOf(other.start().pid());
  Executor executor("sleep 60",
                    CommandCheck{{"sh", "-c", "kill -STOP $0; exit 1", std::to_string(supervisor)}},
                    {.start_timeout = 25s});
  const auto before = ProcessorTime();
  const std::string error = ErrorOf([&] { executor.start(); });
  kill(supervisor, SIGCONT);
  EXPECT_THAT(error, HasSubstr("last try:   sleep-check: the supervisor (pid " +
                               std::to_string(supervisor) + ") has not answered for "));
  EXPECT_LT(ProcessorTime() - before, 700ms) << "of 2.5 s";
}

TEST(ShepherdThatAnswers, IsWaitedForWithoutEnd) {
  const TempDir directory;
  OutputExecutor executor(Command::shell("trap '' TERM; echo ready; while ! test -e " +
                                         (directory / "end") + "; do sleep 0.01; done"),
                          "ready", {.stop_timeout = forever});
  executor.start();
  // Longer than a silent shepherd is waited for.
  std::thread ends_it([&] {
    std::this_thread::sleep_for(2s);
    std::ofstream(directory / "end") << "now";
  });
  EXPECT_NO_THROW(executor.stop());
  EXPECT_EQ(executor.exit_status()->code(), 0);
  ends_it.join();
}

// The supervisor continues them.
TEST(StoppedShepherds, EndWithTheTestProgram) {
  ExpectProtectedBy("continue_signal", [](const std::string& without) {
    TestProgram program(without, {"starts_services", "--way=waits", "--count=2", "--",
                                  Service("forks_children_in_own_groups"), "--children=1"});
    for (const int service : program.wait_until_ready()) kill(ShepherdOf(service), SIGSTOP);
    program.kill();
    return program.left();
  });
}

}  // namespace
}  // namespace mirakuru::tests
