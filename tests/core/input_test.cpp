// Writing to a service's stdin.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <string>

#include "mirakuru/mirakuru.hpp"
#include "support/environment.hpp"
#include "support/service.hpp"
#include "support/temp_dir.hpp"
#include "support/thrown.hpp"

namespace mirakuru::tests {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

TEST(Input, ReachesTheService) {
  SimpleExecutor executor({Service("echoes_stdin")});
  executor.start();
  executor.input().write("hello\n");
  EXPECT_EQ(executor.output().read_line(), "hello");
}

TEST(Input, IsOpenAndSilentUntilThen) {
  SimpleExecutor executor({Service("echoes_stdin")});
  executor.start();
  EXPECT_THROW(executor.output().read_line(50ms), TimeoutExpired);
  EXPECT_TRUE(executor.running());
}

TEST(Input, EndsWhenClosed) {
  SimpleExecutor executor({Service("echoes_stdin")});
  executor.start();
  executor.input().write("hello");
  executor.input().close();
  executor.input().close();
  EXPECT_EQ(executor.wait(10s).code(), 0);
  EXPECT_EQ(executor.output().text(), "helloend of stdin\n");
}

TEST(Input, TakesMoreThanAPipeHolds) {
  SimpleExecutor executor({Service("echoes_stdin")});
  executor.start();
  const std::string text(1 << 20, 'x');
  executor.input().write(text);
  executor.input().close();
  executor.wait(10s);
  EXPECT_EQ(executor.output().text(), text + "end of stdin\n");
}

TEST(Input, GivesUpIfTheServiceDoesNotRead) {
  SimpleExecutor executor("sleep 60");
  executor.start();
  const auto error =
      Thrown<TimeoutExpired>([&] { executor.input().write(std::string(1 << 20, 'x'), 50ms); });
  EXPECT_THAT(error.what(), testing::AllOf(HasSubstr("sleep"), HasSubstr(InWords(50ms))));
}

// A broken pipe would end the test program by SIGPIPE.
TEST(Input, IsAnErrorIfTheServiceNoLongerReads) {
  std::signal(SIGPIPE, SIG_DFL);
  SimpleExecutor executor("true");
  executor.start().wait(10s);
  EXPECT_THROW(executor.input().write(std::string(1 << 20, 'x')), ExecutorError);
}

TEST(Input, IsAnErrorBeforeTheStartAndAfterClosing) {
  SimpleExecutor executor({Service("echoes_stdin")});
  EXPECT_THROW(executor.input().write("x"), ExecutorError);
  executor.start();
  executor.input().close();
  EXPECT_THROW(executor.input().write("x"), ExecutorError);
}

TEST(Input, IsFreshWithEveryStart) {
  SimpleExecutor executor({Service("echoes_stdin")});
  executor.start();
  executor.input().close();
  executor.wait(10s);
  executor.stop().start();
  executor.input().write("again\n");
  EXPECT_EQ(executor.output().read_line(), "again");
}

TEST(Input, CanBeNull) {
  SimpleExecutor executor({Service("echoes_stdin")}, {.std_in = Stream::null()});
  EXPECT_EQ(executor.start().wait(10s).code(), 0);
  EXPECT_EQ(executor.output().text(), "end of stdin\n");
  EXPECT_THROW(executor.input().write("x"), ExecutorError);
}

TEST(Input, CanBeAFile) {
  const TempDir directory;
  WriteFile(directory / "in", "from a file\n");
  SimpleExecutor executor({Service("echoes_stdin")}, {.std_in = Stream::file(directory / "in")});
  executor.start().wait(10s);
  EXPECT_EQ(executor.output().text(), "from a file\nend of stdin\n");
}

TEST(Input, CanBeInherited) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  const int own = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
  dup2(ends[0], STDIN_FILENO);
  SimpleExecutor executor({Service("echoes_stdin")}, {.std_in = Stream::inherit()});
  executor.start();
  dup2(own, STDIN_FILENO);
  ASSERT_EQ(write(ends[1], "shared\n", 7), 7);
  EXPECT_EQ(executor.output().read_line(), "shared");
  for (const int fd : {ends[0], ends[1], own}) close(fd);
}

TEST(Input, NamesAMissingFile) {
  SimpleExecutor executor("cat", {.std_in = Stream::file("/no/such/input")});
  const auto error = Thrown<StartError>([&] { executor.start(); });
  EXPECT_EQ(error.code(), std::errc::no_such_file_or_directory);
  EXPECT_EQ(error.path(), "/no/such/input");
}

}  // namespace
}  // namespace mirakuru::tests
