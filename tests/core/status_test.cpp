// try_start and try_stop: errors as absl::Status, for code without exceptions.
#include "mirakuru/status.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "mirakuru/mirakuru.hpp"
#include "support/service.hpp"
#include "support/sockets.hpp"
#include "support/temp_dir.hpp"
#include "support/wait_until.hpp"

namespace mirakuru::tests {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

void ExpectStatus(const absl::Status& status, absl::StatusCode code, const std::string& part) {
  EXPECT_EQ(status.code(), code) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr(part));
}

TEST(TryStart, IsOkIfAllIsWell) {
  SimpleExecutor executor("sleep 60");
  EXPECT_TRUE(try_start(executor).ok());
  EXPECT_TRUE(executor.running());
  EXPECT_TRUE(try_stop(executor).ok());
  EXPECT_FALSE(executor.running());
}

TEST(TryStart, ReportsATimeout) {
  OutputExecutor executor("sleep 60", "never", {.start_timeout = 50ms, .name = "api"});
  ExpectStatus(try_start(executor), absl::StatusCode::kDeadlineExceeded, "api");
}

TEST(TryStart, ReportsThatSomebodyIsThereAlready) {
  const Socket foreign = Listener();
  TCPExecutor executor("sleep 60", {"127.0.0.1", foreign.port()});
  ExpectStatus(try_start(executor), absl::StatusCode::kAlreadyExists,
               std::to_string(foreign.port()));
}

TEST(TryStart, ReportsAMissingProgram) {
  SimpleExecutor executor("/no/such/program");
  ExpectStatus(try_start(executor), absl::StatusCode::kNotFound, "/no/such/program");
}

TEST(TryStart, ReportsAMissingPermission) {
  const TempDir directory;
  WriteFile(directory / "worker", "");
  SimpleExecutor executor({directory / "worker"});
  ExpectStatus(try_start(executor), absl::StatusCode::kPermissionDenied, directory / "worker");
}

TEST(TryStart, ReportsOtherReasonsNotToStart) {
  const TempDir directory;
  WriteFile(directory / "script", "without an interpreter\n");
  std::filesystem::permissions(directory / "script", std::filesystem::perms::owner_all);
  SimpleExecutor executor({directory / "script"});
  ExpectStatus(try_start(executor), absl::StatusCode::kFailedPrecondition, directory / "script");
}

TEST(TryStart, ReportsAnEarlyEnd) {
  OutputExecutor executor({Service("exits_with"), "--code=3"}, "ready");
  ExpectStatus(try_start(executor), absl::StatusCode::kAborted, "exited with 3");
}

TEST(TryStart, ReportsAFailureThatTheServiceReported) {
  OutputExecutor executor({Service("prints_banner"), "--banner=FATAL"},
                          {.banner = "ready", .fail_on = "FATAL"});
  ExpectStatus(try_start(executor), absl::StatusCode::kAborted, "FATAL");
}

TEST(TryStart, ReportsAnyOtherException) {
  class Throws : public Executor {
   public:
    using Executor::Executor;

   protected:
    bool after_start_check() override { throw 42; }
  };
  Throws executor("sleep 60");
  EXPECT_EQ(try_start(executor).code(), absl::StatusCode::kUnknown);
}

TEST(TryStop, ReportsAWrongStatus) {
  SimpleExecutor executor({Service("exits_with"), "--code=3"});
  ASSERT_TRUE(try_start(executor).ok());
  ASSERT_TRUE(WaitUntil([&] { return executor.died(); }));
  ExpectStatus(try_stop(executor), absl::StatusCode::kAborted, "exited with 3");
}

}  // namespace
}  // namespace mirakuru::tests
