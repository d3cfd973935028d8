// If a service does not get ready, the start fails immediately if that can be known, else at the
// deadline, with the full report, and with no process left running.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>

#include "mirakuru/mirakuru.hpp"
#include "support/environment.hpp"
#include "support/leftovers.hpp"
#include "support/service.hpp"
#include "support/thrown.hpp"

namespace mirakuru::tests {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using Clock = std::chrono::steady_clock;

// The limit is 50 ms, plus a margin for busy machines.
constexpr auto kBound = 50ms * 10;

// Every way of waiting must notice the end of the process.
struct Waits {
  std::string name;
  std::function<Check()> check;
};

void PrintTo(const Waits& waits, std::ostream* out) { *out << waits.name; }

class AnyCheck : public testing::TestWithParam<Waits> {
 protected:
  std::unique_ptr<Executor> run(const std::vector<std::string>& words) const {
    Command command(words);
    return std::make_unique<Executor>(command, GetParam().check(),
                                      Options{.start_timeout = forever});
  }

  // The time from the service's own timestamp ("at <nanoseconds>") to the error.
  static std::chrono::nanoseconds since(const std::string& output) {
    const auto now = Clock::now().time_since_epoch();  // CLOCK_MONOTONIC
    const auto at = output.find("at ");
    EXPECT_NE(at, std::string::npos) << output;
    return now - std::chrono::nanoseconds(std::strtoll(output.c_str() + at + 3, nullptr, 10));
  }
};

TEST_P(AnyCheck, FailsAtOnceIfTheProcessEndsWithAnError) {
  const Mark mark;
  const auto executor = run({Service("exits_with"), "--code=3", "--out=starting", "--err=no luck",
                             "--say-when", mark.argument()});
  const auto error = Thrown<ProcessExitedWithError>([&] { executor->start(); });
  EXPECT_LT(since(executor->output().text()), kBound);
  EXPECT_EQ(error.exit_status().code(), 3);
  EXPECT_THAT(error.what(), AllOf(HasSubstr("exited with 3"), HasSubstr("starting"),
                                  HasSubstr("no luck"), HasSubstr("exits_with")));
  EXPECT_FALSE(executor->running());
  EXPECT_THAT(mark.processes(), IsEmpty());
}

TEST_P(AnyCheck, FailsAtOnceIfASignalEndsTheProcess) {
  const auto executor =
      run({Service("dies_by_signal"), "--signal=" + std::to_string(SIGSEGV), "--say-when"});
  const auto error = Thrown<ProcessExitedWithError>([&] { executor->start(); });
  EXPECT_LT(since(executor->output().text()), kBound);
  EXPECT_EQ(error.exit_status().signal(), SIGSEGV);
  EXPECT_THAT(error.what(), HasSubstr("killed by signal 11 (SIGSEGV)"));
}

TEST_P(AnyCheck, FailsAtOnceIfTheProcessEndsLater) {
  const auto executor = run({Service("exits_with"), "--code=4", "--after-ms=100", "--say-when"});
  const auto error = Thrown<ProcessExitedWithError>([&] { executor->start(); });
  EXPECT_LT(since(executor->output().text()), kBound);
  EXPECT_EQ(error.exit_status().code(), 4);
}

INSTANTIATE_TEST_SUITE_P(
    Waits, AnyCheck,
    testing::Values(Waits{"Tcp", [] { return Check(TcpCheck{"127.0.0.1:{port}"}); }},
                    Waits{"Http", [] { return Check(HttpCheck{"http://127.0.0.1:{port}/"}); }},
                    Waits{"UnixSocket", [] { return Check(UnixSocketCheck{"{tmpdir}/socket"}); }},
                    Waits{"Output", [] { return Check(OutputCheck{"never said"}); }},
                    Waits{"File", [] { return Check(FileCheck{"{tmpdir}/file"}); }},
                    Waits{"Command", [] { return Check(CommandCheck{"false"}); }},
                    Waits{"Notify", [] { return Check(NotifyCheck{}); }},
                    Waits{"Callable", [] { return Check([] { return false; }); }},
                    Waits{"AllOf",
                          [] { return all_of(FileCheck{"{tmpdir}/file"}, NotifyCheck{}); }}),
    [](const auto& waits) { return waits.param.name; });

TEST(NeverReady, IsATimeoutAtTheDeadline) {
  const Mark mark;
  TCPExecutor executor(
      {Service("exits_with_code_on_sigterm"), "--code=0", "--unused={port}", mark.argument()},
      "127.0.0.1:{port}", {.start_timeout = 300ms});
  const auto timeout = std::chrono::duration_cast<std::chrono::nanoseconds>(300ms * TimeoutScale());
  const auto begin = Clock::now();
  const auto error = Thrown<TimeoutExpired>([&] { executor.start(); });
  const auto took = Clock::now() - begin;
  EXPECT_GE(took, timeout);
  EXPECT_LT(took, timeout + kBound);
  EXPECT_THAT(error.what(), AllOf(HasSubstr("onnection refused"), HasSubstr("ready")));
  EXPECT_THAT(mark.processes(), IsEmpty());
}

// A failed start does not wait for stop_timeout: it kills all processes.
TEST(NeverReady, DoesNotWaitForTheStopSignalToWork) {
  const Mark mark;
  OutputExecutor executor({Service("ignores_sigterm"), mark.argument()}, "never said",
                          {.start_timeout = 300ms, .stop_timeout = forever});
  EXPECT_THROW(executor.start(), TimeoutExpired);
  EXPECT_THAT(mark.processes(), IsEmpty());
}

TEST(NeverReady, LeavesNothingOfAWholeTree) {
  const Mark mark;
  OutputExecutor executor({Service("forks_children_in_own_groups"), mark.argument()}, "never said",
                          {.start_timeout = 300ms});
  const auto error = Thrown<TimeoutExpired>([&] { executor.start(); });
  EXPECT_THAT(error.what(), HasSubstr("ready")) << "the tree was there before it was killed";
  EXPECT_THAT(mark.processes(), IsEmpty());
}

TEST(NeverReady, LeavesTheExecutorUsable) {
  OutputExecutor executor(
      Command::shell("test -e {tmpdir}/again && echo ready; touch {tmpdir}/again; read line"),
      "ready", {.start_timeout = 300ms});
  EXPECT_THROW(executor.start(), TimeoutExpired);
  EXPECT_FALSE(executor.running());
  EXPECT_NO_THROW(executor.stop()) << "a failed start leaves no status to tell of";
  EXPECT_TRUE(executor.start().running());
}

TEST(NeverReady, WaitsForeverIfConfigured) {
  OutputExecutor executor({Service("prints_banner"), "--after-ms=50"}, "ready",
                          {.start_timeout = forever});
  EXPECT_NO_THROW(executor.start());
}

}  // namespace
}  // namespace mirakuru::tests
