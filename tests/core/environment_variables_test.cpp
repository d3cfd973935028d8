// The environment variables that configure mirakuru without a change of the test.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <sstream>
#include <string>
#include <vector>

#include "mirakuru/mirakuru.hpp"
#include "support/child_program.hpp"
#include "support/environment.hpp"
#include "support/program.hpp"
#include "support/service.hpp"
#include "support/temp_dir.hpp"
#include "support/wait_until.hpp"

namespace mirakuru::tests {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using Clock = std::chrono::steady_clock;

// The output of a test program that runs a service.
std::string OutputOf(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), Program("runs_a_service"));
  ChildProgram program(arguments);
  program.wait_for_end();
  return program.text();
}

std::string LogIn(const std::string& output) {
  const auto begin = output.find("log ") + 4;
  return output.substr(begin, output.find(" end", begin) - begin);
}

// --- MIRAKURU_TIMEOUT_SCALE

Clock::duration TimeToFail(SimpleExecutor& executor) {
  const auto begin = Clock::now();
  EXPECT_THROW(executor.start(), TimeoutExpired);
  return Clock::now() - begin;
}

TEST(TimeoutScaleVariable, MultipliesTheStartTimeout) {
  OutputExecutor executor("sleep 60", "never", {.start_timeout = 40ms});
  const ScopedVariable longer("MIRAKURU_TIMEOUT_SCALE", "5");
  EXPECT_GE(TimeToFail(executor), 200ms);
}

TEST(TimeoutScaleVariable, MayBeAFraction) {
  OutputExecutor executor("sleep 60", "never", {.start_timeout = 100s});
  const ScopedVariable shorter("MIRAKURU_TIMEOUT_SCALE", "0.001");
  EXPECT_LT(TimeToFail(executor), 50s);
}

TEST(TimeoutScaleVariable, MultipliesEveryOtherTimeout) {
  const ScopedVariable longer("MIRAKURU_TIMEOUT_SCALE", "4");
  OutputExecutor executor({Service("ignores_sigterm")}, "ignoring",
                          {.stop_timeout = 50ms, .expected_returncode = -SIGKILL});
  executor.start();
  const auto takes_200ms = [](const auto& action) {
    const auto begin = Clock::now();
    action();
    EXPECT_GE(Clock::now() - begin, 200ms);
  };
  takes_200ms([&] { EXPECT_THROW(executor.wait(50ms), TimeoutExpired); });
  takes_200ms([&] { EXPECT_THROW(executor.output().wait_for("x", 50ms), TimeoutExpired); });
  takes_200ms([&] { EXPECT_THROW(executor.output().read_line(50ms), TimeoutExpired); });
  takes_200ms([&] { executor.stop(); });
}

TEST(TimeoutScaleVariable, IsIgnoredUnlessItIsAPositiveNumber) {
  for (const char* value : {"0", "-1", "fast", "", "nan", "inf"}) {
    const ScopedVariable wrong("MIRAKURU_TIMEOUT_SCALE", value);
    OutputExecutor executor({Service("prints_banner")}, "ready", {.start_timeout = 10s});
    EXPECT_NO_THROW(executor.start()) << value;
  }
}

TEST(TimeoutScaleVariable, DoesNotChangeForever) {
  const ScopedVariable longer("MIRAKURU_TIMEOUT_SCALE", "1000");
  OutputExecutor executor({Service("prints_banner")}, "ready", {.start_timeout = forever});
  EXPECT_NO_THROW(executor.start());
}

// --- MIRAKURU_LOG

TEST(LogVariable, IsSilentUnlessSet) {
  unsetenv("MIRAKURU_LOG");
  EXPECT_THAT(OutputOf({}), testing::StartsWith("log "));
}

TEST(LogVariable, LogsWhatIsDone) {
  const ScopedVariable log("MIRAKURU_LOG", "debug");
  const std::string output = OutputOf({"--name=api"});
  EXPECT_THAT(output, AllOf(HasSubstr("mirakuru: "), HasSubstr("api")));
}

TEST(LogVariable, LogsNoMoreThanItsLevel) {
  const ScopedVariable log("MIRAKURU_LOG", "error");
  EXPECT_THAT(OutputOf({}), Not(HasSubstr("mirakuru: ")));
}

// What the library logs about a start that has to wait, and a stop.
std::string LogOf(const char* level) {
  const ScopedVariable log("MIRAKURU_LOG", level);
  testing::internal::CaptureStderr();
  Executor executor(Command::shell("sleep 0.05; touch {tmpdir}/ready; cat"),
                    FileCheck{"{tmpdir}/ready"}, {.name = "api"});
  executor.start().stop();
  return testing::internal::GetCapturedStderr();
}

TEST(LogVariable, LogsStartsForInfo) {
  EXPECT_THAT(LogOf("info"), AllOf(HasSubstr("api: started, pid "), HasSubstr("api: ready after "),
                                   Not(HasSubstr("api: waiting for "))));
}

TEST(LogVariable, LogsTriesAndSignalsForDebug) {
  EXPECT_THAT(LogOf("debug"),
              AllOf(HasSubstr("api: ready after "), HasSubstr("api: waiting for the file "),
                    HasSubstr("no such file"), HasSubstr("api: sending SIGTERM")));
}

// --- MIRAKURU_ECHO

std::vector<std::string> LinesWith(const std::string& output, const std::string& part) {
  std::vector<std::string> lines;
  std::istringstream in(output);
  for (std::string line; std::getline(in, line);) {
    if (line.find(part) != std::string::npos) lines.push_back(line);
  }
  return lines;
}

TEST(EchoVariable, ShowsOutputAsItComesWithTheServicesName) {
  const ScopedVariable echo("MIRAKURU_ECHO", "1");
  const std::string output = OutputOf(
      {"--name=the-api", "--script=echo said one; echo said two >&2; printf 'said three'"});
  for (const std::string said : {"said one", "said two", "said three"}) {
    const auto lines = LinesWith(output, said);
    ASSERT_THAT(lines, SizeIs(1)) << said << " in " << output;
    EXPECT_THAT(lines[0], HasSubstr("the-api"));
  }
}

TEST(EchoVariable, LeavesTheOutputWhereItBelongs) {
  const ScopedVariable echo("MIRAKURU_ECHO", "1");
  const ScopedVariable keep("MIRAKURU_KEEP", "1");
  const TempDir directory;
  const ScopedVariable dir("MIRAKURU_DIR", directory.path());
  EXPECT_EQ(ReadFile(LogIn(OutputOf({"--script=echo said one"}))), "said one\n");
}

TEST(EchoVariable, IsOffUnlessSet) {
  unsetenv("MIRAKURU_ECHO");
  EXPECT_THAT(OutputOf({"--script=echo said one"}), Not(HasSubstr("said one")));
}

TEST(EchoVariable, DoesNotHoldUpAServiceThatPrintsALot) {
  const ScopedVariable echo("MIRAKURU_ECHO", "1");
  const std::string output = OutputOf({"--script=head -c 2000000 /dev/zero | tr '\\0' x; echo"});
  EXPECT_THAT(output, HasSubstr("log "));
}

// --- MIRAKURU_DIR and MIRAKURU_KEEP

TEST(DirVariable, IsWhereDirectoriesAreCreatedAndDeleted) {
  const TempDir directory;
  const ScopedVariable dir("MIRAKURU_DIR", directory.path());
  for (const char* end : {"--end=orderly", "--end=abruptly"}) {
    const std::string log = LogIn(OutputOf({end}));
    EXPECT_THAT(log, testing::StartsWith(directory.path() + "/")) << end;
    EXPECT_TRUE(WaitUntil([&] { return directory.entries().empty(); }, 3s)) << end;
  }
}

TEST(DirVariable, IsNamedIfItCannotBeUsed) {
  const TempDir directory;
  WriteFile(directory / "file", "");
  const ScopedVariable dir("MIRAKURU_DIR", directory / "file");
  EXPECT_THAT(OutputOf({}), AllOf(HasSubstr("failed: "), HasSubstr(directory / "file")));
}

TEST(DirVariable, IsCreatedIfMissing) {
  const TempDir directory;
  const ScopedVariable dir("MIRAKURU_DIR", directory / "a/b");
  EXPECT_THAT(LogIn(OutputOf({})), testing::StartsWith(directory / "a/b/"));
}

TEST(KeepVariable, LeavesLogsAfterTheRun) {
  const TempDir directory;
  const ScopedVariable dir("MIRAKURU_DIR", directory.path());
  const ScopedVariable keep("MIRAKURU_KEEP", "1");
  for (const char* end : {"--end=orderly", "--end=abruptly"}) {
    const std::string log = LogIn(OutputOf({end, "--script=echo kept"}));
    EXPECT_EQ(ReadFile(log), "kept\n") << end;
  }
  EXPECT_THAT(directory.entries(), SizeIs(2));
}

}  // namespace
}  // namespace mirakuru::tests
