// CommandCheck: ready when a program, such as pg_isready, exits with 0.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "mirakuru/mirakuru.hpp"
#include "support/leftovers.hpp"
#include "support/service.hpp"
#include "support/temp_dir.hpp"
#include "support/thrown.hpp"

namespace mirakuru::tests {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

Command Service30MsLater() {
  return Command({Service("writes_pid_file"), "--path={tmpdir}/pid", "--after-ms=30"});
}

Command CheckProgram(const std::string& more = "") {
  return Command({Service("succeeds_when_file_exists"), "--path={tmpdir}/pid", more});
}

TEST(CommandCheck, IsReadyOnceTheProgramSucceeds) {
  Executor executor(Service30MsLater(), CommandCheck{CheckProgram()});
  executor.start();
  EXPECT_NE(ReadFile(executor.expand("{tmpdir}/pid")), "");
}

TEST(CommandCheck, TakesShellScripts) {
  Executor executor(Service30MsLater(),
                    CommandCheck{Command::shell("test -e {tmpdir}/pid && exit 0")});
  EXPECT_NO_THROW(executor.start());
}

TEST(CommandCheck, GivesTheProgramTheServicesEnvironmentAndDirectory) {
  const TempDir directory;
  WriteFile(directory / "here", "");
  Executor executor("sleep 60", CommandCheck{Command::shell("test $SECRET = {port} -a -e here")},
                    {.start_timeout = 5s, .cwd = directory.path(), .env = {{"SECRET", "{port}"}}});
  EXPECT_NO_THROW(executor.start());
}

TEST(CommandCheck, ReportsWhatTheProgramSaid) {
  Executor executor("sleep 60", CommandCheck{CheckProgram()}, {.start_timeout = 300ms});
  const auto error = Thrown<TimeoutExpired>([&] { executor.start(); });
  EXPECT_THAT(error.what(), AllOf(HasSubstr("exited with 1"), HasSubstr("no file"),
                                  HasSubstr("succeeds_when_file_exists")));
}

TEST(CommandCheck, EndsAProgramThatHangsAndTriesAgain) {
  const Mark mark;
  // The first run hangs, and so do all others until the file exists.
  Executor executor({Service("writes_pid_file"), "--path={tmpdir}/pid", "--after-ms=100"},
                    CommandCheck{{Service("succeeds_when_file_exists"), "--path={tmpdir}/pid",
                                  "--hangs", mark.argument()},
                                 50ms});
  EXPECT_NO_THROW(executor.start());
  EXPECT_THAT(mark.processes(), IsEmpty());
}

TEST(CommandCheck, LeavesNoProgramBehindIfTheWaitFails) {
  const Mark mark;
  Executor executor("sleep 60",
                    CommandCheck{{Service("succeeds_when_file_exists"), "--path=/no/such",
                                  "--hangs", mark.argument()},
                                 60s},
                    {.start_timeout = 300ms});
  EXPECT_THROW(executor.start(), TimeoutExpired);
  EXPECT_THAT(mark.processes(), IsEmpty());
}

TEST(CommandCheck, IsNotDisturbedByProgramsThatPrintALot) {
  Executor executor(
      Service30MsLater(),
      CommandCheck{Command::shell("head -c 1000000 /dev/zero; test -e {tmpdir}/pid")});
  EXPECT_NO_THROW(executor.start());
}

TEST(CommandCheck, FailsAtOnceIfTheProgramCannotBeRun) {
  const Mark mark;
  Executor executor({Service("ignores_sigterm"), mark.argument()},
                    CommandCheck{"no-such-program -p {port}"}, {.start_timeout = forever});
  const auto error = Thrown<StartError>([&] { executor.start(); });
  EXPECT_EQ(error.code(), std::errc::no_such_file_or_directory);
  EXPECT_THAT(error.what(), HasSubstr("no-such-program"));
  EXPECT_THAT(mark.processes(), IsEmpty());
}

TEST(CommandCheck, NoticesAtOnceThatTheServiceEndedWhileTheProgramRan) {
  const Mark mark;
  Executor executor({Service("exits_with"), "--code=3", "--after-ms=30"},
                    CommandCheck{{Service("succeeds_when_file_exists"), "--path=/no/such",
                                  "--hangs", mark.argument()},
                                 forever},
                    {.start_timeout = forever});
  EXPECT_EQ(Thrown<ProcessExitedWithError>([&] { executor.start(); }).exit_status().code(), 3);
  EXPECT_THAT(mark.processes(), IsEmpty());
}

}  // namespace
}  // namespace mirakuru::tests
