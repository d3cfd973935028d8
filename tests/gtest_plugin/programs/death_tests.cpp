// Death tests with services; see ../death_test_test.cpp for the expected results.
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "mirakuru/gtest.hpp"
#include "support/obedient.hpp"

using mirakuru::OutputExecutor;

MIRAKURU_ENVIRONMENT(Everywhere,
                     OutputExecutor{Obedient("Everywhere", {"--port={port}"}), "ready"});
MIRAKURU_FIXTURE(Suite, OutputExecutor{Obedient("Suite", {"--port={port}", "--directory={tmpdir}"}),
                                       "ready"});
MIRAKURU_TEST_FIXTURE(Fresh, OutputExecutor{Obedient("Fresh", {"--port={port}"}), "ready"});

// The ports and directories of the services, compared between the test and its death test.
std::string PlaceholderValues() {
  return std::to_string(Everywhere::executor().port()) + " " +
         Suite::executor().expand("{port} {tmpdir}");
}

class SuiteDeathTest : public Suite {
 protected:
  static void SetUpTestSuite() { executor().running(); }
};

TEST_F(SuiteDeathTest, SeesTheSameValues) {
  const int pid = executor().pid();
  const std::string values = PlaceholderValues();
  EXPECT_DEATH(
      {
        std::fprintf(stderr, "<%s>", PlaceholderValues().c_str());
        std::abort();
      },
      "<" + values + ">");
  EXPECT_TRUE(executor().running());
  EXPECT_EQ(executor().pid(), pid);
  TellToPrint(executor(), "it still answers");
}

TEST_F(SuiteDeathTest, ExitRunsStaticDestructors) {
  const int pid = executor().pid();
  EXPECT_EXIT(std::exit(3), testing::ExitedWithCode(3), "");
  EXPECT_TRUE(executor().running());
  EXPECT_EQ(executor().pid(), pid);
  TellToPrint(executor(), "it still answers");
}

using FreshDeathTest = Fresh;
TEST_F(FreshDeathTest, SeesTheSamePort) {
  EXPECT_DEATH(
      {
        std::fprintf(stderr, "<%d>", executor().port());
        std::abort();
      },
      "<" + std::to_string(executor().port()) + ">");
  TellToPrint(executor(), "it still answers");
}

// Sets the style in the test body, as users do for a single test: after the fixture was created.
TEST_F(SuiteDeathTest, ChoosesItsStyleItself) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(std::abort(), "");
  EXPECT_TRUE(executor().running());
}
