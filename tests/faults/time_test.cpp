// Deadlines, whatever the clocks do, and even if the waiting program cannot check them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <thread>

#include "faults/under.hpp"
#include "mirakuru/mirakuru.hpp"
#include "support/child_program.hpp"
#include "support/environment.hpp"
#include "support/leftovers.hpp"
#include "support/service.hpp"
#include "support/temp_dir.hpp"
#include "support/wait_until.hpp"

// The errors, in seconds, of the clocks of this program, which replace those of the C library.
static std::atomic<long> wall_clock_error{0};
static std::atomic<long> monotonic_clock_error{0};

extern "C" int clock_gettime(clockid_t clock_id, timespec* tp) noexcept {
  const long result = syscall(SYS_clock_gettime, clock_id, tp);
  if (clock_id == CLOCK_REALTIME) tp->tv_sec += wall_clock_error;
  if (clock_id == CLOCK_MONOTONIC) tp->tv_sec += monotonic_clock_error;
  return static_cast<int>(result);
}
extern "C" int gettimeofday(timeval* tv, void*) noexcept {
  timespec precise{};
  const int result = clock_gettime(CLOCK_REALTIME, &precise);
  *tv = {precise.tv_sec, precise.tv_nsec / 1000};
  return result;
}
extern "C" time_t time(time_t* timer) noexcept {
  timespec precise{};
  clock_gettime(CLOCK_REALTIME, &precise);
  if (timer != nullptr) *timer = precise.tv_sec;
  return precise.tv_sec;
}

namespace mirakuru::tests {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using testing::HasSubstr;

constexpr milliseconds kTimeout = 300ms;

milliseconds Scaled(milliseconds timeout) {
  return std::chrono::duration_cast<milliseconds>(timeout * TimeoutScale());
}
// For a service that becomes ready when that time is certainly over.
std::string After(milliseconds timeout) {
  return "--after-ms=" + std::to_string((2 * Scaled(timeout)).count());
}

// A time that no jump changes.
milliseconds TrueTime() {
  timespec time{};
  syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &time);
  return std::chrono::seconds(time.tv_sec) + milliseconds(time.tv_nsec / 1'000'000);
}

// --- clocks that jump

// Makes a clock jump soon, while the test waits for something.
class Jump {
 public:
  Jump(std::atomic<long>& clock, std::chrono::seconds by)
      : clock_(clock), jumper_([&clock, by] {
          timespec soon{0, 50'000'000};
          nanosleep(&soon, nullptr);
          clock = by.count();
        }) {}
  ~Jump() {
    jumper_.join();
    clock_ = 0;
  }
  Jump(const Jump&) = delete;
  Jump& operator=(const Jump&) = delete;

 private:
  std::atomic<long>& clock_;
  std::thread jumper_;
};

class ClockJump : public testing::TestWithParam<int> {
 protected:
  void TearDown() override { wall_clock_error = 0; }
  static std::chrono::seconds by() { return std::chrono::hours(GetParam()); }
};

// While it waits, it reads the clock from time to time.
std::unique_ptr<TCPExecutor> Listens(const std::string& when, milliseconds timeout) {
  return std::make_unique<TCPExecutor>(Command({Service("listens_on_port"), "--port={port}", when}),
                                       "127.0.0.1:{port}", Options{.start_timeout = timeout});
}

TEST_P(ClockJump, OfTheWallClockIsSeen) {
  const auto before = std::chrono::system_clock::now();
  const std::time_t seconds_before = std::time(nullptr);
  wall_clock_error = by().count();
  const auto jumped = std::chrono::system_clock::now() - before;
  EXPECT_LT(std::chrono::abs(jumped - by()), 1min);
  EXPECT_LT(std::abs(std::time(nullptr) - seconds_before - by().count()), 60);
}

TEST_P(ClockJump, OfTheWallClockMovesNoDeadline) {
  const auto never = Listens("--after-file=/is/not/there", kTimeout);
  SimpleExecutor silent("sleep 60");
  silent.start();
  for (const auto& wait : std::initializer_list<std::function<void()>>{
           [&] { never->start(); }, [&] { silent.output().wait_for("anything", kTimeout); },
           [&] { silent.wait(kTimeout); }}) {
    const Jump jump(wall_clock_error, by());
    const milliseconds begin = TrueTime();
    EXPECT_THROW(wait(), TimeoutExpired);
    EXPECT_GE(TrueTime() - begin, Scaled(kTimeout));
  }
}

TEST_P(ClockJump, OfTheWallClockKeepsNoServiceFromBeingReady) {
  const Jump jump(wall_clock_error, by());
  const auto later = Listens("--after-ms=200", 60s);
  EXPECT_TRUE(later->start().running());
}

INSTANTIATE_TEST_SUITE_P(Hours, ClockJump, testing::Values(1, -1), [](const auto& hours) {
  return std::string(hours.param > 0 ? "Forward" : "Back");
});

// The controls: with the clock that deadlines are based on, jumps do harm.
class MonotonicClockJump : public testing::Test {
 protected:
  // Changes the clock after the first check, while the test waits.
  class Executor : public OutputExecutor {
   public:
    Executor(std::chrono::seconds by, const std::string& when, milliseconds timeout)
        : OutputExecutor({Service("prints_banner"), when}, "ready", {.start_timeout = timeout}),
          by_(by) {}

   protected:
    bool after_start_check() override {
      const bool ready = OutputExecutor::after_start_check();
      monotonic_clock_error = by_.count();
      return ready;
    }

   private:
    std::chrono::seconds by_;
  };

  void TearDown() override { monotonic_clock_error = 0; }
};

TEST_F(MonotonicClockJump, ForwardEndsAWaitTooEarly) {
  Executor never(1h, "--after-file=/is/not/there", 60s);
  const milliseconds begin = TrueTime();
  EXPECT_THROW(never.start(), TimeoutExpired);
  EXPECT_LT(TrueTime() - begin, 60s);
}

TEST_F(MonotonicClockJump, BackEndsAWaitTooLate) {
  // Less than the time since the machine was booted: the clock is never negative.
  Executor later(-1min, After(kTimeout), kTimeout);
  EXPECT_TRUE(later.start().running()) << "a correct clock would report a timeout";
}

// --- no deadline

TEST(NoDeadline, WaitsForAsLongAsItTakes) {
  const Jump jump(wall_clock_error, 1h);
  EXPECT_TRUE(Listens("--after-ms=700", forever)->start().running());
  EXPECT_THROW(Listens(After(kTimeout), kTimeout)->start(), TimeoutExpired) << "the control";
}

TEST(NoDeadline, WaitsForAsLongAsItTakesEvenAsTimeGoesBy) {
  const Jump jump(monotonic_clock_error, std::chrono::hours(24 * 365 * 100));
  EXPECT_TRUE(Listens("--after-ms=700", forever)->start().running());
}

// --- a test program that is stopped

// It stops itself after its first check of a service, which becomes ready when a file exists; and
// it is continued after its deadline.
class StoppedTestProgram : public testing::TestWithParam<const char*> {
 protected:
  StoppedTestProgram()
      : program_({FaultProgram("stops_while_it_waits"), std::string("--for=") + GetParam(),
                  "--timeout-ms=" + std::to_string(kTimeout.count()),
                  "--file=" + (directory_ / "ready")}) {
    EXPECT_TRUE(WaitUntil([this] { return StateOf(program_.pid()) == 'T'; }));
  }

  void make_service_ready() { WriteFile(directory_ / "ready", ""); }
  std::string output_after_the_deadline() {
    std::this_thread::sleep_for(2 * Scaled(kTimeout));
    kill(program_.pid(), SIGCONT);
    program_.wait_for_end();
    return program_.text();
  }

 private:
  const TempDir directory_;
  ChildProgram program_;
};

TEST_P(StoppedTestProgram, FindsWhatGotReadyMeanwhile) {
  make_service_ready();
  EXPECT_EQ(output_after_the_deadline(), "ready\n");
}

INSTANTIATE_TEST_SUITE_P(ThatWaitsFor, StoppedTestProgram,
                         testing::Values("output", "tcp", "http", "unix_socket", "file", "notify",
                                         "command", "callable"),
                         [](const auto& what) { return std::string(what.param); });

// The control: the deadline has passed.
using StoppedTestProgramOfALateService = StoppedTestProgram;
TEST_P(StoppedTestProgramOfALateService, FindsItTooLate) {
  EXPECT_THAT(output_after_the_deadline(), HasSubstr("not ready within " + InWords(kTimeout)));
}

INSTANTIATE_TEST_SUITE_P(ThatWaitsFor, StoppedTestProgramOfALateService,
                         testing::Values("output", "tcp"),
                         [](const auto& what) { return std::string(what.param); });

}  // namespace
}  // namespace mirakuru::tests
