// UnixSocketExecutor: ready when our service accepts connections at the socket.
#include "mirakuru/unix_socket_executor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "mirakuru/errors.hpp"
#include "support/child_program.hpp"
#include "support/leftovers.hpp"
#include "support/service.hpp"
#include "support/sockets.hpp"
#include "support/temp_dir.hpp"
#include "support/thrown.hpp"

namespace mirakuru::tests {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

Command ListensAt(const std::string& path, const std::string& more = "") {
  return Command({Service("unix_socket_listener"), "--path=" + path, more});
}

TEST(UnixSocketExecutor, IsReadyOnceTheSocketAcceptsConnections) {
  UnixSocketExecutor executor(ListensAt("{tmpdir}/socket", "--after-ms=30"), "{tmpdir}/socket");
  executor.start();
  EXPECT_TRUE(std::filesystem::is_socket(executor.path()));
}

TEST(UnixSocketExecutor, WaitsForADirectoryThatTheServiceMakes) {
  UnixSocketExecutor executor(
      Command::shell("sleep 0.03; mkdir -p {tmpdir}/a/b; exec " + Service("unix_socket_listener") +
                     " --path={tmpdir}/a/b/socket"),
      "{tmpdir}/a/b/socket");
  EXPECT_NO_THROW(executor.start());
}

TEST(UnixSocketExecutor, KnowsAbstractSockets) {
  const std::string name = "@" + Mark().text();
  UnixSocketExecutor executor(ListensAt(name, "--after-ms=30"), name);
  EXPECT_NO_THROW(executor.start());
  EXPECT_EQ(executor.path(), name);
}

TEST(UnixSocketExecutor, IsNotSatisfiedByASocketThatIsOnlyBound) {
  UnixSocketExecutor executor(ListensAt("{tmpdir}/socket", "--bind-only"), "{tmpdir}/socket",
                              {.start_timeout = 300ms});
  const auto error = Thrown<TimeoutExpired>([&] { executor.start(); });
  EXPECT_THAT(error.what(), AllOf(HasSubstr(executor.path()), HasSubstr("onnection refused")));
}

TEST(UnixSocketExecutor, IsNotSatisfiedByAFileThatIsNoSocket) {
  const TempDir directory;
  WriteFile(directory / "socket", "");
  UnixSocketExecutor executor("sleep 60", directory / "socket", {.start_timeout = 300ms});
  EXPECT_THROW(executor.start(), TimeoutExpired);
}

TEST(UnixSocketExecutor, SaysThatThereIsNoSuchSocket) {
  UnixSocketExecutor executor("sleep 60", "{tmpdir}/socket", {.start_timeout = 300ms});
  const auto error = Thrown<TimeoutExpired>([&] { executor.start(); });
  EXPECT_THAT(error.what(), AllOf(HasSubstr(executor.path()), HasSubstr("No such file")));
}

// A leftover of an earlier run: the file exists, but nobody listens on it.
TEST(UnixSocketExecutor, IsNotFooledByAStaleSocket) {
  const TempDir directory;
  { const Socket stale = UnixListener(directory / "socket"); }
  ASSERT_TRUE(std::filesystem::is_socket(directory / "socket"));
  UnixSocketExecutor never("sleep 60", directory / "socket", {.start_timeout = 300ms});
  EXPECT_THROW(never.start(), TimeoutExpired);
  UnixSocketExecutor replaces(ListensAt(directory / "socket", "--after-ms=30"),
                              directory / "socket");
  EXPECT_NO_THROW(replaces.start());
}

TEST(UnixSocketExecutor, RefusesToStartIfAnotherProgramAnswers) {
  const Mark mark;
  const TempDir directory;
  ChildProgram foreign(
      {Service("unix_socket_listener"), "--path=" + (directory / "socket"), "--say-when"});
  ASSERT_TRUE(foreign.wait_for_text("at "));
  UnixSocketExecutor executor({Service("ignores_sigterm"), mark.argument()}, directory / "socket");
  const auto error = Thrown<AlreadyRunning>([&] { executor.start(); });
  EXPECT_THAT(error.what(),
              AllOf(HasSubstr(std::to_string(foreign.pid())), HasSubstr("unix_socket_listener"),
                    HasSubstr(directory / "socket")));
  EXPECT_THAT(mark.processes(), IsEmpty());
}

struct ForeignProcessTakesTheSocket {
  explicit ForeignProcessTakesTheSocket(const Options& options)
      : executor(Command::shell("touch " + directory.path() + "/now; exec sleep 60"),
                 directory.path() + "/socket", options),
        foreign({Service("unix_socket_listener"), "--path=" + (directory / "socket"),
                 "--after-file=" + (directory / "now")}) {}

  TempDir directory;
  UnixSocketExecutor executor;
  ChildProgram foreign;
};

TEST(UnixSocketExecutor, IsNotReadyIfAForeignProcessTakesTheSocketAndNamesIt) {
  ForeignProcessTakesTheSocket scene({.start_timeout = 300ms});
  const auto error = Thrown<AlreadyRunning>([&] { scene.executor.start(); });
  EXPECT_THAT(error.what(), AllOf(HasSubstr(std::to_string(scene.foreign.pid())),
                                  HasSubstr("unix_socket_listener")));
}

TEST(UnixSocketExecutor, AcceptsAnySocketWithoutVerification) {
  ForeignProcessTakesTheSocket scene({.verify_listener = false});
  EXPECT_NO_THROW(scene.executor.start());
}

// The length is known only at the start.
TEST(UnixSocketExecutor, RefusesToStartIfThePathIsTooLong) {
  UnixSocketExecutor executor("sleep 60", "{tmpdir}/" + std::string(90, 's'));
  EXPECT_THAT(Thrown<ExecutorError>([&] { executor.start(); }).what(),
              AllOf(HasSubstr("ssss"), HasSubstr("107"), HasSubstr("MIRAKURU_DIR")));
}

TEST(UnixSocketExecutor, RestartsOnTheSameSocket) {
  UnixSocketExecutor executor(ListensAt("{tmpdir}/socket", "--after-ms=30"), "{tmpdir}/socket");
  executor.start();
  const int first = executor.pid();
  executor.restart();
  EXPECT_NE(executor.pid(), first);
}

}  // namespace
}  // namespace mirakuru::tests
