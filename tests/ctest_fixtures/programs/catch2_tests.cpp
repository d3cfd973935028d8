// Tests with Catch2 of services that ctest has started; the tests of ../ choose among them.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif

#include <csignal>
#include <string>

#include "mirakuru/ctest.hpp"
#include "programs/steps.hpp"

namespace mirakuru::tests {
namespace {

TEST_CASE("redis serves") {
  ctest::Fixture& redis = ctest::fixture("redis");
  CHECK(redis.name() == "redis");
  CHECK(redis.expand("{name} at 127.0.0.1:{port}") ==
        "redis at 127.0.0.1:" + std::to_string(redis.port()));
  CHECK(Lives(redis.pid()));
  CHECK_NOTHROW(redis.output().wait_for("Ready to accept connections"));
  Visit(redis);
}

TEST_CASE("worker runs") { CHECK(RunsNow("worker")); }
TEST_CASE("worker runs, still") { CHECK(RunsNow("worker")); }
TEST_CASE("worker runs beside another") {
  CHECK(RunsNow("worker"));
  CHECK(RunsNow("other"));
}

TEST_CASE("worker prints while a test passes") { LetItPrintReady(ctest::fixture("worker")); }
TEST_CASE("worker prints while a test fails") {
  LetItPrintReady(ctest::fixture("worker"));
  FAIL("on purpose");
}
TEST_CASE("worker prints and the test is killed") {
  LetItPrintReady(ctest::fixture("worker"));
  std::raise(SIGKILL);
}

}  // namespace
}  // namespace mirakuru::tests
