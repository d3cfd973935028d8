// FileCheck and PidExecutor: ready when the file exists. A file from an earlier run does not make
// the service ready; nor does it prevent the start, unless its process is still running.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "mirakuru/mirakuru.hpp"
#include "support/child_program.hpp"
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

Command WritesPidFile(const std::string& path, const std::string& more = "") {
  return Command({Service("writes_pid_file"), "--path=" + path, more});
}

// The pid of a process that has ended.
int DeadPid() {
  ChildProgram program({"true"});
  const int pid = program.pid();
  program.wait_for_end();
  return pid;
}

TEST(PidExecutor, IsReadyOnceThePidFileExists) {
  PidExecutor executor(WritesPidFile("{tmpdir}/pid", "--after-ms=30"), "{tmpdir}/pid");
  executor.start();
  EXPECT_EQ(ReadFile(executor.path()), std::to_string(executor.pid()) + "\n");
}

// A service creates the file before it writes to it; and another file may lie there.
TEST(PidExecutor, IsNotReadyWhileThePidFileIsEmpty) {
  PidExecutor executor(
      Command::shell("> {tmpdir}/pid; read line; echo $$ > {tmpdir}/pid; read line"),
      "{tmpdir}/pid", {.start_timeout = 300ms});
  const auto error = Thrown<TimeoutExpired>([&] { executor.start(); });
  EXPECT_THAT(error.what(), HasSubstr("pid: it holds no pid yet"));
}

TEST(PidExecutor, IsReadyOnceAnEmptyPidFileIsWritten) {
  PidExecutor executor(
      Command::shell("> {tmpdir}/pid; sleep 0.05; echo $$ > {tmpdir}/pid; read line"),
      "{tmpdir}/pid");
  executor.start();
  EXPECT_EQ(ReadFile(executor.path()), std::to_string(executor.pid()) + "\n");
}

TEST(PidExecutor, IsNotReadyIfTheFileNamesAProcessThatIsNotTheServices) {
  const std::string ours = std::to_string(getpid());
  PidExecutor executor(Command::shell("echo " + ours + " > {tmpdir}/pid; read line"),
                       "{tmpdir}/pid", {.start_timeout = 300ms});
  const auto error = Thrown<TimeoutExpired>([&] { executor.start(); });
  EXPECT_THAT(error.what(), AllOf(HasSubstr("(pid " + ours + ")"),
                                  HasSubstr("which is not a process of the service")));
}

TEST(PidExecutor, TakesAnyPidOfALauncher) {
  PidExecutor executor(Command::shell("echo " + std::to_string(getpid()) + " > {tmpdir}/pid"),
                       "{tmpdir}/pid", {.launcher = true});
  EXPECT_NO_THROW(executor.start());
}

TEST(PidExecutor, WaitsForADirectoryThatTheServiceMakes) {
  PidExecutor executor(Command::shell("sleep 0.03; mkdir -p {tmpdir}/run/deeper; sleep 0.03; "
                                      "echo $$ > {tmpdir}/run/deeper/pid; read line"),
                       "{tmpdir}/run/deeper/pid");
  EXPECT_NO_THROW(executor.start());
}

TEST(PidExecutor, IsReadyWhenADaemonWritesThePidFile) {
  const Mark mark;
  PidExecutor executor({Service("daemonizes_and_forgets_its_environment"), "--after-ms=30",
                        "--pid-file={tmpdir}/pid", mark.argument()},
                       "{tmpdir}/pid");
  executor.start();
  EXPECT_NE(std::atoi(ReadFile(executor.path()).c_str()), executor.pid());
  EXPECT_TRUE(executor.running());
  executor.stop();
  EXPECT_THAT(mark.processes(), IsEmpty());
}

TEST(PidExecutor, IsNotFooledByAStaleFile) {
  const TempDir directory;
  WriteFile(directory / "pid", std::to_string(DeadPid()) + "\n");
  PidExecutor executor("sleep 60", directory / "pid", {.start_timeout = 300ms});
  const auto error = Thrown<TimeoutExpired>([&] { executor.start(); });
  EXPECT_THAT(error.what(), AllOf(HasSubstr(directory / "pid"), HasSubstr("leftover")));
}

TEST(PidExecutor, IsReadyWhenAStaleFileIsReplaced) {
  const TempDir directory;
  WriteFile(directory / "pid", std::to_string(DeadPid()) + "\n");
  PidExecutor executor(WritesPidFile(directory / "pid", "--after-ms=30"), directory / "pid");
  executor.start();
  EXPECT_EQ(ReadFile(directory / "pid"), std::to_string(executor.pid()) + "\n");
}

TEST(PidExecutor, IsReadyWhenAStaleFileIsWrittenAnew) {
  const TempDir directory;
  WriteFile(directory / "pid", std::to_string(DeadPid()) + "\n");
  const std::string path = directory / "pid";
  PidExecutor executor(
      {Service("writes_pid_file"), "--path=" + path, "--in-place", "--after-ms=30"}, path);
  EXPECT_NO_THROW(executor.start());
}

TEST(PidExecutor, RefusesToStartIfTheFileNamesALivingProcess) {
  const Mark mark;
  const TempDir directory;
  const Mark foreign_mark;
  ChildProgram foreign({Service("ignores_sigterm"), foreign_mark.argument()});
  ASSERT_TRUE(foreign.wait_for_text("ignoring"));
  WriteFile(directory / "pid", std::to_string(foreign.pid()) + "\n");
  PidExecutor executor({Service("ignores_sigterm"), mark.argument()}, directory / "pid");
  const auto error = Thrown<AlreadyRunning>([&] { executor.start(); });
  EXPECT_THAT(error.what(), AllOf(HasSubstr(std::to_string(foreign.pid())),
                                  HasSubstr("ignores_sigterm"), HasSubstr(directory / "pid")));
  EXPECT_THAT(mark.processes(), IsEmpty());
}

// The pid was reused: the process that has it now was started long after the file was written.
TEST(PidExecutor, IsNotHeldUpByAnotherProcessThatWasGivenTheNumber) {
  const TempDir directory;
  WriteFile(directory / "pid", std::to_string(getpid()) + "\n");
  std::filesystem::last_write_time(
      directory / "pid", std::filesystem::file_time_type::clock::now() - std::chrono::hours(24));
  PidExecutor executor(WritesPidFile(directory / "pid"), directory / "pid");
  EXPECT_NO_THROW(executor.start());
}

TEST(PidExecutor, RestartsOverTheFileOfItsOwnEarlierProcess) {
  PidExecutor executor(WritesPidFile("{tmpdir}/pid", "--after-ms=20"), "{tmpdir}/pid");
  executor.start();
  const int first = executor.pid();
  executor.restart();
  EXPECT_NE(executor.pid(), first);
  EXPECT_EQ(ReadFile(executor.path()), std::to_string(executor.pid()) + "\n");
}

TEST(PidExecutor, SaysThatThereIsNoSuchFile) {
  PidExecutor executor("sleep 60", "{tmpdir}/pid", {.start_timeout = 300ms});
  const auto error = Thrown<TimeoutExpired>([&] { executor.start(); });
  EXPECT_THAT(error.what(), AllOf(HasSubstr(executor.path()), HasSubstr("no such file")));
}

TEST(FileCheck, IsReadyWhileTheFileIsEmpty) {
  Executor executor(Command::shell("> {tmpdir}/ready; read line"), FileCheck{"{tmpdir}/ready"});
  EXPECT_NO_THROW(executor.start());
}

TEST(FileCheck, IsAboutFilesOfAnyKind) {
  Executor executor(Command::shell("sleep 0.02; mkdir {tmpdir}/ready; read line"),
                    FileCheck{"{tmpdir}/ready"});
  EXPECT_NO_THROW(executor.start());
}

TEST(FileCheck, WaitsUntilAFileThatWasThereIsWrittenAnew) {
  const TempDir directory;
  WriteFile(directory / "state", "from an earlier run");
  Executor never("sleep 60", FileCheck{directory / "state"}, {.start_timeout = 300ms});
  EXPECT_THROW(never.start(), TimeoutExpired);
  Executor appends(Command::shell("sleep 0.02; echo >> " + (directory / "state") + "; read line"),
                   FileCheck{directory / "state"});
  EXPECT_NO_THROW(appends.start());
}

TEST(FileCheck, TakesAFileThatVanishedAndCameAgain) {
  const TempDir directory;
  WriteFile(directory / "state", "");
  Executor executor(Command::shell("rm " + (directory / "state") + "; sleep 0.02; touch " +
                                   (directory / "state") + "; read line"),
                    FileCheck{directory / "state"});
  EXPECT_NO_THROW(executor.start());
}

TEST(FileCheck, FollowsSymbolicLinks) {
  const TempDir directory;
  std::filesystem::create_symlink(directory / "elsewhere", directory / "link");
  Executor executor(
      Command::shell("sleep 0.02; touch " + (directory / "elsewhere") + "; read line"),
      FileCheck{directory / "link"});
  EXPECT_NO_THROW(executor.start());
}

}  // namespace
}  // namespace mirakuru::tests
