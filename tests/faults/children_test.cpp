// A test program that does things to its children and makes copies of itself: it must not disturb a
// service, and no service may disturb it.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <string>

#include "faults/under.hpp"
#include "mirakuru/mirakuru.hpp"
#include "support/leftovers.hpp"
#include "support/run_program.hpp"
#include "support/service.hpp"

namespace mirakuru::tests {
namespace {

using namespace std::chrono_literals;
using testing::ExitedWithCode;

// --- children

class Meddling : public testing::TestWithParam<const char*> {
 protected:
  // The output of programs/meddles_with_children.
  static std::string output_with(const std::string& how) {
    return RunToTheEnd(
               {FaultProgram("meddles_with_children"), std::string("--way=") + GetParam(), how})
        .text;
  }
};

TEST_P(Meddling, TakesNoStatusFromAService) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(output_with("as a service"), "status 7\n");
}

TEST_P(Meddling, TakesTheStatusOfAPlainChild) {
  EXPECT_EQ(output_with("--plainly"), "status lost\n");
}

INSTANTIATE_TEST_SUITE_P(With, Meddling,
                         testing::Values("ignores_sigchld", "waits_for_any", "has_a_reaper"),
                         [](const auto& way) { return std::string(way.param); });

TEST(TestProgramsChildren, DoNotIncludeOurs) {
  SimpleExecutor executor("sleep 60");
  executor.start();
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD) << "a loop of wait() would never end";
}

TEST(TestProgramsChildren, AreNotTakenFromIt) {
  SimpleExecutor executor("sleep 60");
  executor.start();
  const pid_t child = fork();
  if (child == 0) _exit(5);
  executor.stop();
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 5);
}

// --- death tests

using Clock = std::chrono::steady_clock;

// Its destructor runs in every copy of this program that exits.
SimpleExecutor& StaticService() {
  static SimpleExecutor service({Service("echoes_stdin")});
  return service;
}

class DeathTestBesideAService : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override { GTEST_FLAG_SET(death_test_style, GetParam()); }
};

// For the control see copies_test.cpp: a copy that takes itself for its parent, and exits.
TEST_P(DeathTestBesideAService, DoesNotStopIt) {
  const int pid = StaticService().start().pid();
  EXPECT_EXIT(std::exit(3), ExitedWithCode(3), "");
  EXPECT_TRUE(StaticService().running());
  EXPECT_EQ(StaticService().pid(), pid);
  StaticService().input().write("it still answers\n");
  StaticService().input().close();
  EXPECT_EQ(StaticService().wait(10s).code(), 0) << "the status is its own";
  EXPECT_EQ(StaticService().output().text(), "it still answers\nend of stdin\n");
}

// It ends by _exit(), without destructors, with a service that is not stopped. If the service held
// the pipes of the death test, the test would wait for ever.
TEST_P(DeathTestBesideAService, IsNotKeptWaitingByIt) {
  const Mark mark;
  EXPECT_EXIT(
      {
        SimpleExecutor stubborn({Service("ignores_sigterm"), mark.argument()},
                                {.stop_timeout = 0ms});
        stubborn.start();
        _exit(3);
      },
      ExitedWithCode(3), "");
  EXPECT_TRUE(mark.gone_within(1s));
}

TEST_P(DeathTestBesideAService, IsKeptWaitingByAPlainChild) {
  const Clock::time_point begin = Clock::now();
  EXPECT_EXIT(
      {
        if (fork() == 0) {
          usleep(500'000);
          _exit(0);
        }
        _exit(3);
      },
      ExitedWithCode(3), "");
  EXPECT_GE(Clock::now() - begin, 500ms);
}

INSTANTIATE_TEST_SUITE_P(Styles, DeathTestBesideAService, testing::Values("fast", "threadsafe"),
                         [](const auto& style) { return std::string(style.param); });

}  // namespace
}  // namespace mirakuru::tests
