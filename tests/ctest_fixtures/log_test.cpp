// What a fixture prints: shown where a test fails, and kept in the build tree.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

// One test of the project, by a command.
Finished RunOne(ScratchProject& project, const std::string& command,
                const Variables& variables = {}) {
  project.build(kMirakuru + AddProgram("googletest_tests") + AddProgram("catch2_tests") + kWorker +
                "add_test(NAME uses_it COMMAND " + command +
                ")\n"
                "mirakuru_use_fixtures(uses_it worker)\n");
  return project.ctest({"-V"}, variables);
}

TEST(CtestLog, IsShownWhereAGoogleTestFails) {
  ScratchProject project;
  const Finished ctest =
      RunOne(project, "googletest_tests --gtest_filter=Worker.PrintsWhileATestFails");
  EXPECT_EQ(ctest.exit_code, 8);
  EXPECT_THAT(ctest.text,
              AllOf(HasSubstr("on purpose"), HasSubstr("worker printed meanwhile:"),
                    ContainsRegex("  stdout:\n[^\n]*    ready\n"), Not(HasSubstr("early"))));
  EXPECT_EQ(Count(ctest.text, ": worker printed meanwhile"), 1)
      << "by the program or by the daemon";
}

TEST(CtestLog, IsNotShownWhereAGoogleTestPasses) {
  ScratchProject project;
  const Finished ctest =
      RunOne(project, "googletest_tests --gtest_filter=Worker.PrintsWhileATestPasses");
  EXPECT_EQ(ctest.exit_code, 0) << ctest.text;
  EXPECT_THAT(ctest.text, Not(HasSubstr("printed meanwhile")));
}

TEST(CtestLog, IsShownWhereTheUserWantsItSo) {
  ScratchProject project;
  const Finished ctest =
      RunOne(project, "googletest_tests --gtest_filter=Worker.PrintsWhileATestPasses",
             {{"MIRAKURU_SHOW_OUTPUT", "always"}});
  EXPECT_EQ(ctest.exit_code, 0) << ctest.text;
  EXPECT_EQ(Count(ctest.text, "worker printed meanwhile"), 1);
}

// It cannot show anything then.
TEST(CtestLog, IsShownWhereAGoogleTestEndsByASignal) {
  ScratchProject project;
  const Finished ctest =
      RunOne(project, "googletest_tests --gtest_filter=Worker.PrintsAndTheTestAborts");
  EXPECT_EQ(ctest.exit_code, 8);
  EXPECT_THAT(ctest.text,
              AllOf(HasSubstr("worker printed meanwhile:"),
                    ContainsRegex("  stdout:\n[^\n]*    ready\n"), Not(HasSubstr("early"))));
}

TEST(CtestLog, IsNotShownWhereTheUserDoesNotWantIt) {
  ScratchProject project;
  const Finished ctest =
      RunOne(project, "googletest_tests --gtest_filter=Worker.PrintsAndTheTestAborts",
             {{"MIRAKURU_SHOW_OUTPUT", "never"}});
  EXPECT_EQ(ctest.exit_code, 8);
  EXPECT_THAT(ctest.text, Not(HasSubstr("printed meanwhile")));
}

#ifdef MIRAKURU_CATCH2_DIR
TEST(CtestLog, IsShownWhereACatch2TestFails) {
  ScratchProject project;
  const Finished ctest = RunOne(project, "catch2_tests \"worker prints while a test fails\"");
  EXPECT_EQ(ctest.exit_code, 8);
  EXPECT_THAT(ctest.text,
              AllOf(HasSubstr("on purpose"), ContainsRegex("worker printed meanwhile:"),
                    ContainsRegex("  stdout:\n[^\n]*    ready\n"), Not(HasSubstr("early"))));
}

TEST(CtestLog, IsShownWhereACatch2TestEndsByASignal) {
  ScratchProject project;
  const Finished ctest = RunOne(project, "catch2_tests \"worker prints and the test is killed\"");
  EXPECT_EQ(ctest.exit_code, 8);
  EXPECT_THAT(ctest.text, AllOf(HasSubstr("worker printed meanwhile:"),
                                ContainsRegex("  stdout:\n[^\n]*    ready\n")));
}

TEST(CtestLog, IsNotShownWhereACatch2TestPasses) {
  ScratchProject project;
  const Finished ctest = RunOne(project, "catch2_tests \"worker prints while a test passes\"");
  EXPECT_EQ(ctest.exit_code, 0) << ctest.text;
  EXPECT_THAT(ctest.text, Not(HasSubstr("printed meanwhile")));
}
#endif

TEST(CtestLog, IsShownWhereACommandFails) {
  ScratchProject project;
  project.build(kMirakuru + kWorker +
                AddScript("uses_it", "worker", std::string(kTellAndSee) + "exit 3"));
  const Finished ctest = project.ctest();
  EXPECT_EQ(ctest.exit_code, 8);
  EXPECT_THAT(ctest.text, AllOf(HasSubstr(kShown), Not(HasSubstr("early"))));
}

TEST(CtestLog, IsNotShownWhereACommandPasses) {
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

TEST(CtestLog, IsKeptWhereCtestIsKilled) {
  ScratchProject project;
  project.build(kMirakuru + AddObedient("worker") + AddBlocked("worker", "WORKER_PID"));
  BlockedCtest blocked(project);
  blocked.ctest().kill();
  EXPECT_TRUE(WaitUntil(
      [&] { return project.read("build tree/mirakuru-fixtures/worker.stdout.log") == "ready\n"; }));
}

}  // namespace
}  // namespace mirakuru::tests
