// Tests with GoogleTest of services that ctest has started; the tests of ../ choose among them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <stdexcept>
#include <string>

#include "mirakuru/ctest.hpp"
#include "mirakuru/errors.hpp"
#include "programs/steps.hpp"
#include "support/thrown.hpp"

namespace mirakuru::tests {
namespace {

using testing::HasSubstr;

TEST(Redis, Serves) {
  ctest::Fixture& redis = ctest::fixture("redis");
  EXPECT_EQ(redis.name(), "redis");
  EXPECT_EQ(redis.expand("{name} at 127.0.0.1:{port}"),
            "redis at 127.0.0.1:" + std::to_string(redis.port()));
  EXPECT_TRUE(Lives(redis.pid()));
  EXPECT_THAT(redis.output().wait_for("Ready"), HasSubstr("Ready to accept connections"));
  EXPECT_EQ(&ctest::fixture("redis"), &redis);
  Visit(redis);
}

TEST(Worker, Runs) { EXPECT_TRUE(RunsNow("worker")); }
TEST(Worker, RunsStill) { EXPECT_TRUE(RunsNow("worker")); }
TEST(Worker, RunsBesideAnother) {
  EXPECT_TRUE(RunsNow("worker"));
  EXPECT_TRUE(RunsNow("other"));
}

TEST(Worker, PrintsWhileATestPasses) { LetItPrintReady(ctest::fixture("worker")); }
TEST(Worker, PrintsWhileATestFails) {
  LetItPrintReady(ctest::fixture("worker"));
  FAIL() << "on purpose";
}

TEST(Worker, PrintsAndTheTestAborts) {
  LetItPrintReady(ctest::fixture("worker"));
  std::abort();
}

TEST(Worker, HasNamedPortsAlone) {
  ctest::Fixture& worker = ctest::fixture("worker");
  EXPECT_GT(worker.port("admin"), 0);
  EXPECT_STREQ(Thrown<std::invalid_argument>([&] { worker.port("nosuch"); }).what(),
               "the service 'worker' has no {port:nosuch}");
  EXPECT_STREQ(Thrown<std::invalid_argument>([&] { worker.port(); }).what(),
               "the service 'worker' has no {port}");
}

// Told by its message.
TEST(Nobody, Runs) { ctest::fixture("nobody"); }

}  // namespace
}  // namespace mirakuru::tests
