// A program that cannot be started is a StartError with the errno and the path.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <system_error>

#include "mirakuru/mirakuru.hpp"
#include "support/environment.hpp"
#include "support/leftovers.hpp"
#include "support/temp_dir.hpp"
#include "support/thrown.hpp"

namespace mirakuru::tests {
namespace {

using testing::AllOf;
using testing::HasSubstr;

StartError ErrorOf(const Command& command, const Options& options = {}) {
  SimpleExecutor executor(command, options);
  auto error = Thrown<StartError>([&] { executor.start(); });
  EXPECT_FALSE(executor.running());
  EXPECT_EQ(executor.pid(), 0);
  EXPECT_NO_THROW(executor.stop());
  EXPECT_THAT(error.what(), HasSubstr(error.path()));
  if (error.path().find('/') != std::string::npos) {
    EXPECT_THAT(error.what(), HasSubstr(error.code().message())) << "what errno means";
  }
  EXPECT_THAT(error.what(), HasSubstr(command.to_string())) << "the command";
  return error;
}

TEST(StartErrors, NameAProgramThatIsNotThere) {
  const auto error = ErrorOf("/no/such/program --verbose");
  EXPECT_EQ(error.code(), std::errc::no_such_file_or_directory);
  EXPECT_EQ(error.path(), "/no/such/program");
}

TEST(StartErrors, NameARelativeProgramAndTheDirectoryThatItCountsFrom) {
  const TempDir directory;
  const auto error = ErrorOf("./worker", {.cwd = directory.path()});
  EXPECT_EQ(error.code(), std::errc::no_such_file_or_directory);
  EXPECT_THAT(error.what(), AllOf(HasSubstr("./worker"), HasSubstr(directory.path())));
}

TEST(StartErrors, ShowThePathOnWhichABareNameWasLookedFor) {
  const ScopedVariable path("PATH", "/no/such/bin:/usr/no/such");
  const auto error = ErrorOf("no-such-program");
  EXPECT_EQ(error.code(), std::errc::no_such_file_or_directory);
  EXPECT_EQ(error.path(), "no-such-program");
  EXPECT_THAT(error.what(), HasSubstr("/no/such/bin:/usr/no/such"));
}

TEST(StartErrors, ShowThePathOfTheService) {
  const auto error = ErrorOf("sleep 60", {.env = {{"PATH", "/only/here"}}});
  EXPECT_THAT(error.what(), HasSubstr("/only/here"));
}

TEST(StartErrors, NameAProgramThatIsNotExecutable) {
  const TempDir directory;
  WriteFile(directory / "worker", "#!/bin/sh\n");
  const auto error = ErrorOf(Command({directory / "worker"}));
  EXPECT_EQ(error.code(), std::errc::permission_denied);
  EXPECT_EQ(error.path(), directory / "worker");
}

TEST(StartErrors, NameABareProgramThatIsNotExecutable) {
  const TempDir directory;
  WriteFile(directory / "worker", "#!/bin/sh\n");
  const auto error = ErrorOf("worker", {.env = {{"PATH", "/no/such:" + directory.path()}}});
  EXPECT_EQ(error.code(), std::errc::permission_denied);
  EXPECT_THAT(error.what(), HasSubstr(directory.path()));
}

TEST(StartErrors, NameADirectoryThatWasGivenAsAProgram) {
  const TempDir directory;
  const auto error = ErrorOf(Command({directory.path()}));
  EXPECT_EQ(error.code(), std::errc::permission_denied);
  EXPECT_EQ(error.path(), directory.path());
  EXPECT_THAT(error.what(), HasSubstr("directory"));
}

TEST(StartErrors, NameAScriptWithoutAnInterpreter) {
  const TempDir directory;
  WriteFile(directory / "script", "echo hello\n");
  std::filesystem::permissions(directory / "script", std::filesystem::perms::owner_all);
  const auto error = ErrorOf(Command({directory / "script"}));
  EXPECT_EQ(error.code(), std::errc::executable_format_error);
  EXPECT_EQ(error.path(), directory / "script");
  EXPECT_THAT(error.what(), HasSubstr("#!"));
}

TEST(StartErrors, NameAScriptWhoseInterpreterIsNotThere) {
  const TempDir directory;
  WriteFile(directory / "script", "#!/no/such/interpreter\n");
  std::filesystem::permissions(directory / "script", std::filesystem::perms::owner_all);
  const auto error = ErrorOf(Command({directory / "script"}));
  EXPECT_EQ(error.code(), std::errc::no_such_file_or_directory);
  EXPECT_EQ(error.path(), directory / "script");
}

TEST(StartErrors, NameADirectoryToRunInThatIsNotThere) {
  const auto error = ErrorOf("sleep 60", {.cwd = "/no/such/directory"});
  EXPECT_EQ(error.code(), std::errc::no_such_file_or_directory);
  EXPECT_EQ(error.path(), "/no/such/directory");
  EXPECT_THAT(error.what(), HasSubstr("directory"));
}

TEST(StartErrors, NameADirectoryToRunInThatIsAFile) {
  const TempDir directory;
  WriteFile(directory / "file", "");
  const auto error = ErrorOf("sleep 60", {.cwd = directory / "file"});
  EXPECT_EQ(error.code(), std::errc::not_a_directory);
  EXPECT_EQ(error.path(), directory / "file");
}

TEST(StartErrors, NameADirectoryToRunInThatTheUserMayNotEnter) {
  if (getuid() != 0) GTEST_SKIP() << "only root may change the user";
  const TempDir directory;  // mode 0700, owned by root
  const auto error = ErrorOf("sleep 60", {.cwd = directory.path(), .user = "nobody"});
  EXPECT_EQ(error.code(), std::errc::permission_denied);
  EXPECT_EQ(error.path(), directory.path());
}

TEST(StartErrors, NameAProgramThatTheUserMayNotRun) {
  if (getuid() != 0) GTEST_SKIP() << "only root may change the user";
  const TempDir directory;  // mode 0700, owned by root
  WriteFile(directory / "worker", "#!/bin/sh\n");
  std::filesystem::permissions(directory / "worker", std::filesystem::perms::all);
  const auto error = ErrorOf(Command({directory / "worker"}), {.cwd = "/", .user = "nobody"});
  EXPECT_EQ(error.code(), std::errc::permission_denied);
  EXPECT_EQ(error.path(), directory / "worker");
}

TEST(StartErrors, NameAUserThatIsNotThere) {
  if (getuid() != 0) GTEST_SKIP() << "only root may change the user";
  SimpleExecutor executor("sleep 60", {.user = "no-such-user"});
  try {
    executor.start();
    FAIL() << "started";
  } catch (const std::exception& error) {
    EXPECT_THAT(error.what(), HasSubstr("no-such-user"));
  }
}

TEST(StartErrors, NameALogFileThatCannotBeMade) {
  const auto error = ErrorOf("sleep 60", {.std_out = Stream::file("/no/such/directory/log")});
  EXPECT_EQ(error.code(), std::errc::no_such_file_or_directory);
  EXPECT_EQ(error.path(), "/no/such/directory/log");
}

TEST(StartErrors, TellOfArgumentsThatAreTooLong) {
  SimpleExecutor executor({"printf", "%s", std::string(200000, 'a')});
  const auto error = Thrown<StartError>([&] { executor.start(); });
  EXPECT_EQ(error.code(), std::errc::argument_list_too_long);
}

TEST(StartErrors, LeaveTheExecutorUsable) {
  const TempDir directory;
  SimpleExecutor executor({directory / "worker"});
  EXPECT_THROW(executor.start(), StartError);
  WriteFile(directory / "worker", "#!/bin/sh\nread line\n");
  std::filesystem::permissions(directory / "worker", std::filesystem::perms::owner_all);
  EXPECT_TRUE(executor.start().running());
}

// If an exec failed in a fork of the test program, its exit handlers would run twice.
TEST(StartErrors, LeaveNoCopyOfTheTestBehind) {
  SimpleExecutor executor("/no/such/program");
  EXPECT_THROW(executor.start(), StartError);
  const std::string me = ReadFile("/proc/self/cmdline");
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const int pid = std::atoi(entry.path().filename().c_str());
    if (pid == 0 || pid == getpid() || ParentOf(pid) != getpid()) continue;
    EXPECT_NE(ReadFile(entry.path().string() + "/cmdline"), me) << pid;
    EXPECT_NE(StateOf(pid), 'Z') << pid;
  }
}

}  // namespace
}  // namespace mirakuru::tests
