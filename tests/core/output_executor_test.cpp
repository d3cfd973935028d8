// OutputExecutor: ready when the banner was printed, in any number of pieces and after any amount
// of other output; failed when the output matches fail_on.
#include "mirakuru/output_executor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "mirakuru/errors.hpp"
#include "support/leftovers.hpp"
#include "support/service.hpp"
#include "support/temp_dir.hpp"
#include "support/thrown.hpp"
#include "support/wait_until.hpp"

namespace mirakuru::tests {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

Command PrintsBanner(const std::vector<std::string>& arguments = {}) {
  std::vector<std::string> words = {Service("prints_banner")};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return Command(words);
}

struct Way {
  std::string name;
  std::vector<std::string> arguments;
};

void PrintTo(const Way& way, std::ostream* out) { *out << way.name; }

class Banner : public testing::TestWithParam<Way> {};

TEST_P(Banner, IsSeen) {
  OutputExecutor executor(PrintsBanner(GetParam().arguments), "ready to accept");
  executor.start();
  EXPECT_TRUE(executor.running());
}

INSTANTIATE_TEST_SUITE_P(
    HoweverItIsPrinted, Banner,
    testing::Values(Way{"AtOnce", {}}, Way{"InTwoWrites", {"--in-two-writes"}},
                    Way{"WithoutANewline", {"--without-newline"}},
                    Way{"InTwoWritesWithoutANewline", {"--in-two-writes", "--without-newline"}},
                    Way{"AfterMuchOutput", {"--filler=3"}}, Way{"OnStderr", {"--to-stderr"}},
                    Way{"WithWindowsLineEnds", {"--crlf"}}, Way{"Later", {"--after-ms=30"}}),
    [](const auto& way) { return way.param.name; });

TEST(OutputExecutor, TakesARegularExpression) {
  OutputExecutor executor(PrintsBanner({"--banner=listening on port 1234"}),
                          "^listening on port [0-9]{4}$");
  EXPECT_NO_THROW(executor.start());
}

TEST(OutputExecutor, MatchesLineByLine) {
  OutputExecutor executor(Command::shell("echo first; echo second; read line"), "^second$");
  EXPECT_NO_THROW(executor.start());
  OutputExecutor across(Command::shell("echo first; echo second; read line"), "first.second",
                        {.start_timeout = 300ms});
  EXPECT_THROW(across.start(), TimeoutExpired);
}

TEST(OutputExecutor, MatchesTheEndOfLinesThatEndAsOnWindows) {
  OutputExecutor executor(PrintsBanner({"--crlf"}), "^ready to accept$");
  EXPECT_NO_THROW(executor.start());
}

TEST(OutputExecutor, SeesABannerAfterMoreOutputThanTheLogKeeps) {
  OutputExecutor executor(PrintsBanner({"--filler=3"}), "ready to accept",
                          {.std_out = Stream::capture(256 << 10)});
  EXPECT_NO_THROW(executor.start());
}

TEST(OutputExecutor, WaitsForTheGivenNumberOfLines) {
  OutputExecutor enough(PrintsBanner({"--times=2"}), {.banner = "ready to accept", .times = 2});
  EXPECT_NO_THROW(enough.start());
  OutputExecutor too_few(PrintsBanner({"--times=2"}), {.banner = "ready to accept", .times = 3},
                         {.start_timeout = 300ms});
  const auto error = Thrown<TimeoutExpired>([&] { too_few.start(); });
  EXPECT_THAT(error.what(), AllOf(HasSubstr("ready to accept"), HasSubstr("3"), HasSubstr("2")));
}

TEST(OutputExecutor, CountsALineOnceHoweverItMatches) {
  OutputExecutor executor(PrintsBanner({"--banner=ready ready ready", "--in-two-writes"}),
                          {.banner = "ready", .times = 2}, {.start_timeout = 300ms});
  EXPECT_THROW(executor.start(), TimeoutExpired);
}

TEST(OutputExecutor, LooksOnlyAtTheGivenStream) {
  using From = OutputCheck::From;
  const auto is_ready = [](const char* where, From from) {
    OutputExecutor executor(PrintsBanner({where}), {.banner = "ready", .from = from},
                            {.start_timeout = 300ms});
    try {
      executor.start();
      return true;
    } catch (const TimeoutExpired&) {
      return false;
    }
  };
  EXPECT_TRUE(is_ready("--to-stderr", From::std_err));
  EXPECT_TRUE(is_ready("--to-stdout", From::std_out));
  EXPECT_FALSE(is_ready("--to-stderr", From::std_out));
  EXPECT_FALSE(is_ready("--to-stdout", From::std_err));
}

TEST(OutputExecutor, FailsAtOnceIfTheServiceSaysThatItFailed) {
  const Mark mark;
  OutputExecutor executor(
      PrintsBanner({"--banner=FATAL: no space left", "--to-stderr", mark.argument()}),
      {.banner = "ready", .fail_on = "FATAL|PANIC"}, {.start_timeout = forever});
  const auto error = Thrown<StartupFailed>([&] { executor.start(); });
  EXPECT_THAT(error.what(), AllOf(HasSubstr("FATAL: no space left"), HasSubstr("FATAL|PANIC")));
  EXPECT_THAT(mark.processes(), IsEmpty());
}

TEST(OutputExecutor, FailsIfTheProcessEndsWithoutABanner) {
  OutputExecutor executor({Service("exits_with"), "--code=3", "--out=no luck"}, "ready",
                          {.start_timeout = forever});
  const auto error = Thrown<ProcessExitedWithError>([&] { executor.start(); });
  EXPECT_EQ(error.exit_status().code(), 3);
  EXPECT_THAT(error.what(), HasSubstr("no luck"));
}

TEST(OutputExecutor, FailsIfTheProcessEndsWithZeroWithoutABanner) {
  OutputExecutor executor({Service("exits_with"), "--code=0"}, "ready", {.start_timeout = forever});
  EXPECT_EQ(Thrown<ProcessExitedWithError>([&] { executor.start(); }).exit_status().code(), 0);
}

TEST(OutputExecutor, IsNotSatisfiedByABannerOfAnEarlierStart) {
  OutputExecutor executor(Command::shell("mkdir {tmpdir}/started && echo ready; read line"),
                          "ready", {.start_timeout = 300ms});
  executor.start().stop();
  EXPECT_THROW(executor.start(), TimeoutExpired);
}

TEST(OutputExecutor, IsNotSatisfiedByABannerThatIsInTheLogFileAlready) {
  const TempDir directory;
  WriteFile(directory / "log", "ready\n");
  OutputExecutor executor("sleep 60", "ready",
                          {.start_timeout = 300ms, .std_out = Stream::file(directory / "log")});
  EXPECT_THROW(executor.start(), TimeoutExpired);
}

TEST(OutputExecutor, SeesABannerThatGoesToAFile) {
  const TempDir directory;
  OutputExecutor executor(PrintsBanner(), "ready", {.std_out = Stream::file(directory / "log")});
  EXPECT_NO_THROW(executor.start());
}

TEST(OutputExecutor, SeesABannerOnAStderrThatLeadsToStdout) {
  OutputExecutor executor(PrintsBanner({"--to-stderr"}), "ready", {.std_err = Stream::to_stdout()});
  EXPECT_NO_THROW(executor.start());
}

// With a pipe, such a program buffers its output; the second half of the test is the control.
TEST(OutputExecutor, SeesThroughATerminalWhatIsHeldBackOtherwise) {
  OutputExecutor terminal({Service("buffers_stdout_unless_a_terminal")}, "^ready to accept$",
                          {.std_out = Stream::terminal()});
  EXPECT_NO_THROW(terminal.start());
  OutputExecutor pipe({Service("buffers_stdout_unless_a_terminal")}, "ready to accept",
                      {.start_timeout = 300ms});
  EXPECT_THROW(pipe.start(), TimeoutExpired);
}

TEST(OutputExecutor, DoesNotBlockAServiceThatPrintsForEver) {
  OutputExecutor executor({Service("prints_forever")}, "^x", {.std_out = Stream::capture(1 << 20)});
  executor.start();
  EXPECT_TRUE(WaitUntil([&] { return executor.output().mark() > 2u << 20; }));
}

TEST(OutputExecutor, FindsAFailureAfterMuchOutput) {
  OutputExecutor executor(Command::shell("yes | head -c 3000000; echo FATAL: no luck; exit 1"),
                          OutputCheck{.banner = "^ready$", .fail_on = "^FATAL"},
                          {.start_timeout = forever});
  EXPECT_THAT(Thrown<StartupFailed>([&] { executor.start(); }).what(), HasSubstr("no luck"));
}

TEST(OutputExecutor, GivesUpInTimeOnAServiceThatPrintsForEver) {
  OutputExecutor executor({Service("prints_forever")}, "^never$",
                          {.start_timeout = 300ms, .std_out = Stream::capture(1 << 20)});
  EXPECT_THROW(executor.start(), TimeoutExpired);
}

}  // namespace
}  // namespace mirakuru::tests
