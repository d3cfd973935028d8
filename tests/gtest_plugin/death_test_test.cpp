// Death tests of both styles with running services (programs/death_tests.cpp).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "run.hpp"

namespace mirakuru::tests {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Lt;
using testing::Not;

class DeathTestStyleTest : public testing::TestWithParam<std::string> {
 protected:
  static ProgramRun run_death_tests(const std::string& filter,
                                    const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments{"--gtest_death_test_style=" + GetParam()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return ProgramRun("death_tests", filter, arguments);
  }
};

TEST_P(DeathTestStyleTest, TheDyingPartUsesTheServicesAndStopsNone) {
  const auto begin = std::chrono::steady_clock::now();
  const ProgramRun run = run_death_tests("SuiteDeathTest.*");
  const auto took = std::chrono::steady_clock::now() - begin;
  EXPECT_EQ(run.exit_code(), 0) << run.text();
  EXPECT_THAT(run.trace(),
              ElementsAre("start Everywhere", "start Suite", "stop Suite", "stop Everywhere"));
  EXPECT_THAT(run.text(), Not(HasSubstr("Death tests use fork()")));
  // If a service held the pipe of the death test's process open, the test would wait forever.
  EXPECT_THAT(took, Lt(std::chrono::seconds(10) * TimeoutScale()));
}

TEST_P(DeathTestStyleTest, AServiceOfOneTestIsUsedToo) {
  const ProgramRun run = run_death_tests("FreshDeathTest.*");
  EXPECT_EQ(run.exit_code(), 0) << run.text();
  EXPECT_THAT(run.trace(),
              ElementsAre("start Everywhere", "start Fresh", "stop Fresh", "stop Everywhere"));
}

TEST_P(DeathTestStyleTest, ARepeatedRunIsNoDifferent) {
  const ProgramRun run = run_death_tests("SuiteDeathTest.SeesTheSameValues", {"--gtest_repeat=2"});
  EXPECT_EQ(run.exit_code(), 0) << run.text();
}

INSTANTIATE_TEST_SUITE_P(Styles, DeathTestStyleTest, testing::Values("fast", "threadsafe"),
                         [](const auto& style) { return style.param; });

}  // namespace
}  // namespace mirakuru::tests
