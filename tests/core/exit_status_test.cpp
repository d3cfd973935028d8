// How a process ended: its accessors and its text.
#include "mirakuru/exit_status.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <csignal>
#include <sstream>

namespace mirakuru::tests {
namespace {

ExitStatus Exited(int code) { return ExitStatus::from_wait_status(W_EXITCODE(code, 0)); }
ExitStatus Killed(int signal) { return ExitStatus::from_wait_status(W_EXITCODE(0, signal)); }

TEST(ExitStatus, KnowsTheCodeOfWhatExited) {
  EXPECT_TRUE(Exited(3).exited());
  EXPECT_FALSE(Exited(3).signaled());
  EXPECT_EQ(Exited(3).code(), 3);
  EXPECT_EQ(Exited(3).signal(), 0);
  EXPECT_EQ(Exited(3).returncode(), 3);
  EXPECT_EQ(Exited(255).returncode(), 255);
}

TEST(ExitStatus, KnowsTheSignalOfWhatWasKilled) {
  EXPECT_TRUE(Killed(SIGKILL).signaled());
  EXPECT_FALSE(Killed(SIGKILL).exited());
  EXPECT_EQ(Killed(SIGKILL).signal(), SIGKILL);
  EXPECT_EQ(Killed(SIGKILL).code(), 0);
  EXPECT_EQ(Killed(SIGKILL).returncode(), -SIGKILL);
}

TEST(ExitStatus, PrintsAsText) {
  EXPECT_EQ(Exited(0).to_string(), "exited with 0");
  EXPECT_EQ(Exited(3).to_string(), "exited with 3");
  EXPECT_EQ(Killed(SIGKILL).to_string(), "killed by signal 9 (SIGKILL)");
  EXPECT_EQ(Killed(SIGSEGV).to_string(), "killed by signal 11 (SIGSEGV)");
  std::ostringstream out;
  out << Exited(3);
  EXPECT_EQ(out.str(), "exited with 3");
}

TEST(ExitStatus, SaysThatACoreWasDumped) {
  const auto status = ExitStatus::from_wait_status(W_EXITCODE(0, SIGSEGV) | WCOREFLAG);
  EXPECT_EQ(status.signal(), SIGSEGV);
  EXPECT_THAT(status.to_string(), testing::HasSubstr("core dumped"));
}

TEST(ExitStatus, PrintsSignalsWithoutANameToo) {
  EXPECT_THAT(Killed(SIGRTMIN + 1).to_string(), testing::StartsWith("killed by signal "));
}

TEST(ExitStatus, IsAValue) {
  EXPECT_EQ(Exited(3), Exited(3));
  EXPECT_NE(Exited(3), Exited(4));
  EXPECT_NE(Exited(9), Killed(9));
}

}  // namespace
}  // namespace mirakuru::tests
