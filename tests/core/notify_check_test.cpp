// NotifyCheck: the service itself says when it is ready, in the protocol of sd_notify(3).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

Command Notifies(const std::string& message, const std::string& more = "") {
  return Command({Service("notifies_ready"), "--instead=" + message, more});
}

TEST(NotifyCheck, IsReadyOnceTheServiceSaysSo) {
  Executor executor({Service("notifies_ready"), "--after-ms=30"}, NotifyCheck{});
  EXPECT_NO_THROW(executor.start());
  EXPECT_NO_THROW(executor.restart());
}

TEST(NotifyCheck, FindsReadyAmongOtherMessages) {
  Executor executor(Notifies("STATUS=Serving;READY=1;MAINPID=1;X_OWN=2"), NotifyCheck{});
  EXPECT_NO_THROW(executor.start());
}

TEST(NotifyCheck, ListensToChildrenOfTheServiceToo) {
  Executor executor({Service("notifies_ready"), "--from-a-child"}, NotifyCheck{});
  EXPECT_NO_THROW(executor.start());
}

TEST(NotifyCheck, IgnoresOtherMessages) {
  for (const std::string message : {"READY=0", "XREADY=1", "READY=11", "RELOADING=1", "READY"}) {
    Executor executor(Notifies(message), NotifyCheck{}, {.start_timeout = 60ms});
    EXPECT_THROW(executor.start(), TimeoutExpired) << message;
  }
}

TEST(NotifyCheck, ReportsTheLastStatus) {
  Executor executor(Notifies("STATUS=Replaying the log, 42%"), NotifyCheck{},
                    {.start_timeout = 300ms});
  const auto error = Thrown<TimeoutExpired>([&] { executor.start(); });
  EXPECT_THAT(error.what(), AllOf(HasSubstr("READY=1"), HasSubstr("Replaying the log, 42%")));
}

TEST(NotifyCheck, FailsAtOnceIfTheServiceSendsAnErrno) {
  const Mark mark;
  Executor executor(Notifies("STATUS=No space left;ERRNO=28", mark.argument()), NotifyCheck{},
                    {.start_timeout = forever});
  const auto error = Thrown<StartupFailed>([&] { executor.start(); });
  EXPECT_THAT(error.what(), AllOf(HasSubstr("28"), HasSubstr("No space left")));
  EXPECT_THAT(mark.processes(), IsEmpty());
}

TEST(NotifyCheck, FailsIfTheServiceEndsWithoutAMessage) {
  Executor executor({Service("exits_with"), "--code=3"}, NotifyCheck{}, {.start_timeout = forever});
  EXPECT_THROW(executor.start(), ProcessExitedWithError);
}

// The test itself may run under systemd: services must not inherit that socket.
TEST(NotifyCheck, KeepsTheSocketOfTheTestToTheTest) {
  const ScopedVariable variable("NOTIFY_SOCKET", "/no/such/socket");
  Executor executor({Service("notifies_ready")}, NotifyCheck{});
  EXPECT_NO_THROW(executor.start());
}

}  // namespace
}  // namespace mirakuru::tests
