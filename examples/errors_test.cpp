// The exceptions of executors, and what they contain.
#include <gtest/gtest.h>

#include <cerrno>
#include <mirakuru/mirakuru.hpp>

using namespace std::chrono_literals;

TEST(Errors, TellHowTheProcessEnded) {
  // [readme:errors]
  mirakuru::OutputExecutor service({"sh", "-c", "echo 'no licence' >&2; exit 3"}, "ready");
  try {
    service.start();
    FAIL() << "the start must fail";
  } catch (const mirakuru::ProcessExitedWithError& error) {
    EXPECT_EQ(error.exit_status().code(), 3);
    EXPECT_EQ(error.summary(), "sh: ended before it was ready: exited with 3");
    EXPECT_NE(std::string(error.what()).find("no licence"), std::string::npos);
  }
  // [readme:end]
}

TEST(Errors, TellWhatTheSystemSaid) {
  mirakuru::SimpleExecutor missing("./no-such-program");
  try {
    missing.start();
    FAIL() << "the start must fail";
  } catch (const mirakuru::StartError& error) {
    EXPECT_EQ(error.code().value(), ENOENT);
    EXPECT_EQ(error.path(), "./no-such-program");
  }
}

TEST(Errors, AreOneFamily) {
  mirakuru::OutputExecutor silent("sleep 60", "ready", {.start_timeout = 100ms});
  EXPECT_THROW(silent.start(), mirakuru::TimeoutExpired);
  EXPECT_THROW(silent.start(), mirakuru::ExecutorError);
  EXPECT_THROW(mirakuru::SimpleExecutor("echo 'no end"), std::invalid_argument);
}
