// SimpleExecutor: runs a command with its options, and waits for nothing.
#include "mirakuru/simple_executor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pwd.h>
#include <unistd.h>

#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "mirakuru/executor.hpp"
#include "support/environment.hpp"
#include "support/leftovers.hpp"
#include "support/output_of.hpp"
#include "support/service.hpp"
#include "support/temp_dir.hpp"

namespace mirakuru::tests {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(SimpleExecutor, StartsNothingWhenMade) {
  const Mark mark;
  const SimpleExecutor executor({Service("ignores_sigterm"), mark.argument()});
  EXPECT_FALSE(executor.running());
  EXPECT_EQ(executor.pid(), 0);
  EXPECT_TRUE(mark.processes().empty());
}

TEST(SimpleExecutor, RunsTheProgramWithItsArguments) {
  SimpleExecutor executor("sleep 60");
  executor.start();
  EXPECT_TRUE(executor.running());
  EXPECT_TRUE(Lives(executor.pid()));
  EXPECT_EQ(ReadFile("/proc/" + std::to_string(executor.pid()) + "/cmdline"), std::string("sleep\0"
                                                                                          "60\0",
                                                                                          9));
}

TEST(SimpleExecutor, TakesAListOfOneWord) {
  SimpleExecutor executor({"true"});
  EXPECT_EQ(OutputOf(executor), "");
}

TEST(SimpleExecutor, PassesArgumentsOnAsTheyAre) {
  EXPECT_EQ(OutputOf({"printf", "[%s]", "", "two words", "$HOME", "*", "'", "new\nline"}),
            "[][two words][$HOME][*]['][new\nline]");
}

TEST(SimpleExecutor, PassesLongArgumentsOn) {
  // Longer than a single message to the supervisor.
  const std::string longest(120000, 'a');
  EXPECT_EQ(OutputOf({"printf", "%s%s", longest, "b"}), longest + "b");
}

TEST(SimpleExecutor, RunsShellScriptsIfAskedTo) {
  EXPECT_EQ(OutputOf(Command::shell("echo one | tr n x; echo $((1 + 1))")), "oxe\n2\n");
}

TEST(SimpleExecutor, ChainsItsActions) {
  SimpleExecutor executor("sleep 60");
  EXPECT_FALSE(executor.start().stop().start().kill().running());
}

TEST(SimpleExecutor, InheritsTheEnvironmentAsItIsAtTheStart) {
  SimpleExecutor executor("env");
  const ScopedVariable variable("SET_AFTER_THE_EXECUTOR_WAS_MADE", "yes");
  EXPECT_THAT(OutputOf(executor), HasSubstr("SET_AFTER_THE_EXECUTOR_WAS_MADE=yes\n"));
}

TEST(SimpleExecutor, AddsVariablesToTheEnvironment) {
  const ScopedVariable inherited("INHERITED", "old");
  const ScopedVariable replaced("REPLACED", "old");
  const std::string environment =
      OutputOf("env", {.env = {{"REPLACED", "new value"}, {"ADDED", ""}}});
  EXPECT_THAT(environment, AllOf(HasSubstr("INHERITED=old\n"), HasSubstr("REPLACED=new value\n"),
                                 HasSubstr("ADDED=\n"), Not(HasSubstr("REPLACED=old"))));
}

TEST(SimpleExecutor, ReplacesTheEnvironmentIfAskedTo) {
  const ScopedVariable inherited("INHERITED", "old");
  const std::string environment =
      OutputOf("/usr/bin/env", {.env = {{"ONLY", "this"}}, .inherit_env = false});
  EXPECT_THAT(environment, AllOf(HasSubstr("ONLY=this\n"), Not(HasSubstr("INHERITED")),
                                 Not(HasSubstr("PATH="))));
}

TEST(SimpleExecutor, MarksItsProcessesSoThatAPersonCanFindThem) {
  EXPECT_THAT(OutputOf("env"),
              testing::ContainsRegex("mirakuru_uuid=" + std::to_string(getpid()) +
                                     ":[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-"
                                     "[0-9a-f]{12}\n"));
}

TEST(SimpleExecutor, RunsInTheDirectoryOfTheTestByDefault) {
  EXPECT_EQ(OutputOf("pwd"), std::filesystem::current_path().string() + "\n");
}

TEST(SimpleExecutor, RunsInTheGivenDirectory) {
  const TempDir directory;
  EXPECT_EQ(OutputOf("pwd", {.cwd = directory.path()}),
            std::filesystem::canonical(directory.path()).string() + "\n");
}

std::string Script(const std::string& path, const std::string& says) {
  WriteFile(path, "#!/bin/sh\necho " + says + "\n");
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  return path;
}

TEST(SimpleExecutor, FindsRelativeProgramsFromTheDirectoryThatItRunsIn) {
  const TempDir directory;
  Script(directory / "worker", "found");
  EXPECT_EQ(OutputOf("./worker", {.cwd = directory.path()}), "found\n");
}

TEST(SimpleExecutor, FindsBareNamesOnThePathThatTheServiceGets) {
  const TempDir mine;
  const TempDir its;
  Script(mine / "worker", "on the path of the test");
  Script(its / "worker", "on the path of the service");
  const ScopedVariable path("PATH", mine.path() + ":/usr/bin:/bin");
  EXPECT_EQ(OutputOf("worker"), "on the path of the test\n");
  EXPECT_EQ(OutputOf("worker", {.env = {{"PATH", its.path() + ":/usr/bin:/bin"}}}),
            "on the path of the service\n");
}

TEST(SimpleExecutor, SkipsFilesOnThePathThatCannotBeRun) {
  const TempDir directory;
  const TempDir other;
  WriteFile(directory / "worker", "not executable");
  std::filesystem::create_directory(directory / "other");
  Script(other / "worker", "found");
  EXPECT_EQ(
      OutputOf("worker", {.env = {{"PATH", "/no/such:" + directory.path() + ":" + other.path()}}}),
      "found\n");
}

TEST(SimpleExecutor, GivesItsProcessASessionOfItsOwn) {
  const std::string report = OutputOf({Service("reports_its_descriptors_and_signals")});
  EXPECT_THAT(report, Not(HasSubstr("session " + std::to_string(getsid(0)) + "\n")));
  EXPECT_THAT(report, Not(HasSubstr("group " + std::to_string(getpgrp()) + "\n")));
}

TEST(SimpleExecutor, RunsAsAnotherUserIfAskedTo) {
  if (getuid() != 0) GTEST_SKIP() << "only root may change the user";
  const passwd* nobody = getpwnam("nobody");
  ASSERT_NE(nobody, nullptr);
  const std::string uid = std::to_string(nobody->pw_uid);
  const std::string gid = std::to_string(nobody->pw_gid);
  const std::string home = nobody->pw_dir;
  SimpleExecutor executor(Command::shell("id -u; id -g; id -G; echo $HOME $USER $LOGNAME; "
                                         "touch {tmpdir}/file && echo written"),
                          {.cwd = "/", .user = "nobody"});
  EXPECT_EQ(OutputOf(executor),
            uid + "\n" + gid + "\n" + gid + "\n" + home + " nobody nobody\nwritten\n");
}

TEST(SimpleExecutor, CanSendItsOutputNowhere) {
  SimpleExecutor executor(Command::shell("echo x; exec 3>&1; readlink /proc/self/fd/3 >&2"),
                          {.std_out = Stream::null()});
  EXPECT_EQ(OutputOf(executor), "");
  EXPECT_EQ(executor.err_output().text(), "/dev/null\n");
  EXPECT_EQ(executor.output().path(), "");
}

TEST(SimpleExecutor, CanShareTheTestsOwnOutput) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  SimpleExecutor executor(Command::shell("echo to stdout; echo to stderr >&2"),
                          {.std_out = Stream::inherit(), .std_err = Stream::inherit()});
  EXPECT_EQ(OutputOf(executor), "");
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "to stdout\n");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "to stderr\n");
}

TEST(SimpleExecutor, CanAppendItsOutputToAFileAndStillReadIt) {
  const TempDir directory;
  WriteFile(directory / "log", "from an earlier run\n");
  SimpleExecutor executor("echo from this run", {.std_out = Stream::file(directory / "log")});
  EXPECT_EQ(OutputOf(executor), "from this run\n");
  EXPECT_EQ(ReadFile(directory / "log"), "from an earlier run\nfrom this run\n");
  EXPECT_EQ(executor.output().path(), directory / "log");
}

TEST(SimpleExecutor, CanSendStderrWhereStdoutLeads) {
  SimpleExecutor executor(Command::shell("echo one; echo two >&2; echo three"),
                          {.std_err = Stream::to_stdout()});
  EXPECT_EQ(OutputOf(executor), "one\ntwo\nthree\n");
}

TEST(SimpleExecutor, KeepsStdoutAndStderrApartByDefault) {
  SimpleExecutor executor(Command::shell("echo one; echo two >&2"));
  EXPECT_EQ(OutputOf(executor), "one\n");
  EXPECT_EQ(executor.err_output().text(), "two\n");
}

TEST(SimpleExecutor, CanGiveItsProcessATerminal) {
  SimpleExecutor executor(Command::shell("test -t 1 && echo a terminal"),
                          {.std_out = Stream::terminal()});
  // Without the carriage returns that a terminal adds.
  EXPECT_EQ(OutputOf(executor), "a terminal\n");
}

TEST(SimpleExecutor, GivesNoTerminalByDefault) {
  EXPECT_EQ(OutputOf(Command::shell("test -t 0 || test -t 1 || test -t 2 || echo none")), "none\n");
}

// Scripts reopen their stderr by name, which would truncate a log file.
TEST(SimpleExecutor, LosesNothingIfAScriptReopensItsStreams) {
  SimpleExecutor executor(
      Command::shell("echo one >&2; echo two > /dev/stderr; echo three >&2; echo x > /dev/stdout"));
  EXPECT_EQ(OutputOf(executor), "x\n");
  EXPECT_EQ(executor.err_output().text(), "one\ntwo\nthree\n");
}

// Two literals in braces could become one std::string, from one pointer to the other. One literal
// in braces is a command line, unless it has its own braces.
TEST(SimpleExecutor, TakesBracesAsTheyLook) {
  using Words = std::vector<std::string>;
  const std::string echo = "echo";
  EXPECT_EQ(SimpleExecutor{"echo one"}.command().words(), (Words{"echo", "one"}));
  EXPECT_EQ((SimpleExecutor{{"echo", "one"}}.command().words()), (Words{"echo", "one"}));
  EXPECT_EQ((SimpleExecutor({"echo", "one"}).command().words()), (Words{"echo", "one"}));
  EXPECT_EQ((SimpleExecutor{{echo, "one"}}.command().words()), (Words{"echo", "one"}));
  EXPECT_EQ(SimpleExecutor({"one word"}).command().words(), Words{"one word"});
  EXPECT_EQ((Executor{{"echo", "one"}}.command().words()), (Words{"echo", "one"}));
  EXPECT_EQ((Command{{"echo", "one"}}.words()), (Words{"echo", "one"}));
}

TEST(SimpleExecutor, PrintsAsItsNameAndCommand) {
  std::ostringstream out;
  out << SimpleExecutor("sleep 60", {.name = "sleeper"});
  EXPECT_THAT(out.str(), AllOf(HasSubstr("sleeper"), HasSubstr("sleep 60")));
}

TEST(SimpleExecutor, ReportsWhatIsKnownOfIt) {
  SimpleExecutor executor(Command::shell("echo hello; exec sleep 60"), {.name = "greeter"});
  EXPECT_THAT(executor.report(), HasSubstr("greeter"));
  executor.start();
  executor.output().wait_for("hello");
  EXPECT_THAT(executor.report(), AllOf(HasSubstr("sleep 60"), HasSubstr("hello"),
                                       HasSubstr(std::to_string(executor.pid()))));
}

}  // namespace
}  // namespace mirakuru::tests
