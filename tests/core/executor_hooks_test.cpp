// Executor: ready when its check passes, or when its hooks say so, if they are overridden.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>
#include <string>

#include "mirakuru/errors.hpp"
#include "mirakuru/executor.hpp"
#include "support/leftovers.hpp"
#include "support/service.hpp"
#include "support/thrown.hpp"

namespace mirakuru::tests {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class Hooked : public Executor {
 public:
  using Executor::Executor;

  std::function<bool()> before = [] { return false; };
  std::function<bool()> after = [] { return true; };

 protected:
  bool pre_start_check() override { return before(); }
  bool after_start_check() override { return after(); }
};

Command Sleeper(const Mark& mark) { return Command({Service("ignores_sigterm"), mark.argument()}); }

TEST(ExecutorHooks, AreAskedBeforeAndAfterTheStart) {
  const Mark mark;
  Hooked executor(Sleeper(mark), {.stop_timeout = 0ms});
  std::vector<std::size_t> running_when_asked;
  executor.before = [&] {
    running_when_asked.push_back(mark.processes().size());
    return false;
  };
  executor.after = [&] {
    running_when_asked.push_back(mark.processes().size());
    return true;
  };
  executor.start();
  EXPECT_THAT(running_when_asked, testing::ElementsAre(0, 1));
  executor.kill();
}

TEST(ExecutorHooks, AreAskedAgainUntilTheySayYes) {
  const Mark mark;
  Hooked executor(Sleeper(mark));
  int asked = 0;
  executor.after = [&] { return ++asked == 5; };
  executor.start();
  EXPECT_EQ(asked, 5);
  executor.kill();
}

TEST(ExecutorHooks, RefuseToStartIfSomebodyIsThereAlready) {
  const Mark mark;
  Hooked executor(Sleeper(mark));
  executor.before = [] { return true; };
  EXPECT_THROW(executor.start(), AlreadyRunning);
  EXPECT_THAT(mark.processes(), IsEmpty());
}

TEST(ExecutorHooks, TakeAnExceptionAsNotYet) {
  const Mark mark;
  Hooked executor(Sleeper(mark));
  int asked = 0;
  executor.before = []() -> bool { throw std::runtime_error("nobody there"); };
  executor.after = [&] {
    if (++asked < 3) throw std::runtime_error("connection refused");
    return true;
  };
  EXPECT_NO_THROW(executor.start());
  EXPECT_EQ(asked, 3);
  executor.kill();
}

TEST(ExecutorHooks, ReportTheirLastException) {
  const Mark mark;
  Hooked executor(Sleeper(mark), {.start_timeout = 300ms});
  executor.after = []() -> bool { throw std::runtime_error("my client: connection refused"); };
  const auto error = Thrown<TimeoutExpired>([&] { executor.start(); });
  EXPECT_THAT(error.what(), HasSubstr("my client: connection refused"));
  EXPECT_THAT(mark.processes(), IsEmpty());
}

TEST(ExecutorHooks, LetOtherExceptionsPassAndLeaveNothingRunning) {
  const Mark mark;
  Hooked executor(Sleeper(mark));
  executor.after = []() -> bool { throw 42; };
  EXPECT_THROW(executor.start(), int);
  EXPECT_THAT(mark.processes(), IsEmpty());
}

TEST(ExecutorHooks, AreNotAskedOnceTheProcessEnded) {
  Hooked executor({Service("exits_with"), "--code=3"});
  executor.after = [] { return false; };
  const auto error = Thrown<ProcessExitedWithError>([&] { executor.start(); });
  EXPECT_EQ(error.exit_status().code(), 3);
}

TEST(ExecutorHooks, WorkWhenTheExecutorIsStartedAgain) {
  const Mark mark;
  Hooked executor(Sleeper(mark), {.stop_timeout = 0ms, .expected_returncode = -SIGKILL});
  executor.start().restart();
  EXPECT_THAT(mark.processes(), SizeIs(1));
}

// A hook may require more than the check.
class ChecksMore : public Executor {
 public:
  using Executor::Executor;
  int asked_before = 0;
  int asked_after = 0;

 protected:
  bool pre_start_check() override {
    ++asked_before;
    return Executor::pre_start_check();
  }
  bool after_start_check() override { return Executor::after_start_check() && ++asked_after == 3; }
};

TEST(ExecutorHooks, AreRequiredWithoutACheck) {
  Executor executor("sleep 60", {.start_timeout = forever});
  EXPECT_THAT(Thrown<StartupFailed>([&] { executor.start(); }).what(),
              HasSubstr("neither a check nor an after_start_check()"));
  EXPECT_FALSE(executor.running());
}

TEST(ExecutorHooks, CanAddToACheck) {
  ChecksMore executor({Service("prints_banner")}, OutputCheck{"ready to accept"});
  executor.start();
  EXPECT_EQ(executor.asked_before, 1);
  EXPECT_EQ(executor.asked_after, 3);
}

}  // namespace
}  // namespace mirakuru::tests
