// What a fixture prints: shown if a test fails, and kept in the build tree.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "commands.hpp"
#include "support/run_program.hpp"
#include "support/text.hpp"

namespace mirakuru::tests {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

constexpr char kShown[] = "worker printed meanwhile:\n  stdout:\n    ready\n";

// It complains before it is ready, which it is when it waits to be told; then it prints "ready".
const std::string kWorker =
    "mirakuru_add_fixture(worker COMMAND sh -c [[echo early >&2; exec \"$@\"]] sh " +
    Service("does_as_told") +
    " --makes=$ENV{DIRECTORY}/waits --after-file=$ENV{DIRECTORY}/go READY FILE "
    "$ENV{DIRECTORY}/waits)\n";
constexpr char kTellAndSee[] =
    "touch $DIRECTORY/go; until grep -q ready $WORKER_STDOUT; do :; done; ";

// One test of the project, and whether the output of the fixture is shown, once.
struct Run {
  std::string name;
  std::string command;
  int ctest_exit_code = 0;
  bool shown = false;
  Variables variables = {};
};

void PrintTo(const Run& run, std::ostream* out) { *out << run.name; }

class CtestLogOf : public testing::TestWithParam<Run> {};

TEST_P(CtestLogOf, IsShownIfItShouldBe) {
  ScratchProject project;
  project.build(kMirakuru + AddProgram("googletest_tests") + AddProgram("catch2_tests") + kWorker +
                "add_test(NAME uses_it COMMAND " + GetParam().command +
                ")\n"
                "mirakuru_use_fixtures(uses_it worker)\n");
  const Finished ctest = project.ctest({"-V"}, GetParam().variables);
  EXPECT_EQ(ctest.exit_code, GetParam().ctest_exit_code) << ctest.text;
  // ctest repeats the output of a failed test, without the number.
  EXPECT_EQ(Count(ctest.text, ": worker printed meanwhile:"), GetParam().shown ? 1 : 0)
      << "by the program, or by the daemon:\n"
      << ctest.text;
  if (GetParam().shown) {
    EXPECT_THAT(ctest.text, ContainsRegex("  stdout:\n[^\n]*    ready\n"));
  }
  EXPECT_THAT(ctest.text, Not(HasSubstr("early"))) << "printed before the test";
}

std::string GoogleTest(const std::string& name) {
  return "googletest_tests --gtest_filter=Worker." + name;
}

INSTANTIATE_TEST_SUITE_P(
    If, CtestLogOf,
    testing::Values(Run{"AGoogleTestFails", GoogleTest("PrintsWhileATestFails"), 8, true},
                    Run{"AGoogleTestPasses", GoogleTest("PrintsWhileATestPasses"), 0, false},
                    Run{"AGoogleTestPassesAndAllIsShown",
                        GoogleTest("PrintsWhileATestPasses"),
                        0,
                        true,
                        {{"MIRAKURU_SHOW_OUTPUT", "always"}}},
                    // The program cannot show anything then.
                    Run{"AGoogleTestEndsByASignal", GoogleTest("PrintsAndTheTestAborts"), 8, true},
                    Run{"AGoogleTestEndsByASignalAndNothingIsShown",
                        GoogleTest("PrintsAndTheTestAborts"),
                        8,
                        false,
                        {{"MIRAKURU_SHOW_OUTPUT", "never"}}}),
    [](const auto& run) { return run.param.name; });

#ifdef MIRAKURU_CATCH2_DIR
std::string Catch2(const std::string& name) { return "catch2_tests \"" + name + "\""; }

INSTANTIATE_TEST_SUITE_P(
    Catch2, CtestLogOf,
    testing::Values(Run{"ATestFails", Catch2("worker prints while a test fails"), 8, true},
                    Run{"ATestPasses", Catch2("worker prints while a test passes"), 0, false},
                    Run{"ATestEndsByASignal", Catch2("worker prints and the test is killed"), 8,
                        true}),
    [](const auto& run) { return run.param.name; });
#endif

TEST(CtestLog, IsShownIfACommandFails) {
  ScratchProject project;
  project.build(kMirakuru + kWorker +
                AddScript("uses_it", "worker", std::string(kTellAndSee) + "exit 3"));
  const Finished ctest = project.ctest();
  EXPECT_EQ(ctest.exit_code, 8);
  EXPECT_THAT(ctest.text, AllOf(HasSubstr(kShown), Not(HasSubstr("early"))));
}

TEST(CtestLog, IsNotShownIfACommandPasses) {
  ScratchProject project;
  project.build(kMirakuru + kWorker + AddScript("uses_it", "worker", kTellAndSee));
  const Finished ctest = project.ctest({"-V"});
  EXPECT_EQ(ctest.exit_code, 0) << ctest.text;
  EXPECT_THAT(ctest.text, Not(HasSubstr("printed meanwhile")));
}

TEST(CtestLog, IsKeptInTheBuildTree) {
  ScratchProject project;
  const Finished ctest = project.run_ctest(kMirakuru + AddObedient("worker", "--complains=early") +
                                           AddScript("uses_it", "worker"));
  EXPECT_EQ(ctest.exit_code, 0) << ctest.text;
  EXPECT_EQ(project.read("build tree/mirakuru-fixtures/worker.stdout.log"), "ready\n");
  EXPECT_EQ(project.read("build tree/mirakuru-fixtures/worker.stderr.log"), "early\n");
}

TEST(CtestLog, IsKeptIfCtestIsKilled) {
  ScratchProject project;
  project.build(kMirakuru + AddObedient("worker") + AddBlocked("worker", "WORKER_PID"));
  BlockedCtest blocked(project);
  blocked.ctest().kill();
  EXPECT_TRUE(WaitUntil(
      [&] { return project.read("build tree/mirakuru-fixtures/worker.stdout.log") == "ready\n"; }));
}

}  // namespace
}  // namespace mirakuru::tests
