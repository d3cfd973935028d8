// Errors are exceptions that a test can distinguish, print and examine.
#include "mirakuru/errors.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <sstream>
#include <stdexcept>
#include <system_error>
#include <type_traits>

namespace mirakuru::tests {
namespace {

template <typename Error>
class EveryError : public testing::Test {};

using Errors = testing::Types<TimeoutExpired, AlreadyRunning, ProcessExitedWithError,
                              ProcessFinishedWithError, StartError, StartupFailed>;
TYPED_TEST_SUITE(EveryError, Errors);

TYPED_TEST(EveryError, IsAnExecutorErrorAndARuntimeError) {
  EXPECT_TRUE((std::is_base_of_v<ExecutorError, TypeParam>));
  EXPECT_TRUE((std::is_base_of_v<std::runtime_error, TypeParam>));
}

TEST(Errors, AreSummedUpByTheirFirstLine) {
  const TimeoutExpired error("api is not ready\n  command: ./api\n  last try: refused");
  EXPECT_EQ(error.summary(), "api is not ready");
  EXPECT_EQ(TimeoutExpired("one line").summary(), "one line");
}

TEST(Errors, PrintTheFullReport) {
  std::ostringstream out;
  out << AlreadyRunning("somebody is there\n  pid: 1");
  EXPECT_EQ(out.str(), "somebody is there\n  pid: 1");
}

TEST(Errors, CarryTheStatus) {
  const auto status = ExitStatus::from_wait_status(W_EXITCODE(3, 0));
  EXPECT_EQ(ProcessExitedWithError("report", status).exit_status(), status);
  EXPECT_EQ(ProcessFinishedWithError("report", status).exit_status(), status);
}

TEST(Errors, CarryErrnoAndPath) {
  const StartError error("report", std::error_code(ENOENT, std::generic_category()), "/no/such");
  EXPECT_EQ(error.code(), std::errc::no_such_file_or_directory);
  EXPECT_EQ(error.path(), "/no/such");
}

}  // namespace
}  // namespace mirakuru::tests
