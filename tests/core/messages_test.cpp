// A failure report has the command, what was waited for and for how long, the result of the last
// try, how the process ended, and its last output with the path of the log. It can be read, pasted
// and put into XML, whatever the service printed.
#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "mirakuru/mirakuru.hpp"
#include "support/child_program.hpp"
#include "support/environment.hpp"
#include "support/service.hpp"
#include "support/temp_dir.hpp"
#include "support/thrown.hpp"

namespace mirakuru::tests {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// The report for a service that prints and never gets ready.
std::string ReportOf(OutputExecutor& executor) {
  return Thrown<TimeoutExpired>([&] { executor.start(); }).what();
}

// Only printable UTF-8, newlines and tabs.
void ExpectReadable(const std::string& text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    EXPECT_TRUE(c == '\n' || c == '\t' || c >= 0x20) << "byte " << int{c} << " at " << i;
    EXPECT_NE(c, 0x7f) << "at " << i;
  }
  // iconv is strict about UTF-8, surrogates and overlong forms included.
  const TempDir directory;
  WriteFile(directory / "text", text);
  ChildProgram iconv({"iconv", "-f", "UTF-8", "-t", "UTF-8", directory / "text"});
  EXPECT_EQ(iconv.wait_for_end(), 0) << "no UTF-8";
}

TEST(Messages, SumUpInOneLineAndIndentTheRest) {
  OutputExecutor executor(Command::shell("echo hello; echo oops >&2; sleep 60"), "ready",
                          {.start_timeout = 300ms, .name = "api"});
  const auto error = Thrown<TimeoutExpired>([&] { executor.start(); });
  EXPECT_THAT(error.summary(), AllOf(HasSubstr("api"), HasSubstr(InWords(300ms))));
  std::istringstream lines(error.what());
  std::string line;
  std::getline(lines, line);
  int indented = 0;
  while (std::getline(lines, line)) {
    EXPECT_THAT(line, testing::StartsWith(" "));
    ++indented;
  }
  EXPECT_GE(indented, 4);
}

TEST(Messages, GiveTheFullReport) {
  OutputExecutor executor(Command::shell("echo hello; echo oops >&2; sleep 60"), "rea+dy",
                          {.start_timeout = 300ms, .name = "api"});
  const std::string report = ReportOf(executor);
  EXPECT_THAT(report, HasSubstr(executor.command().to_string())) << "what was run";
  EXPECT_THAT(report, HasSubstr("rea+dy")) << "what was waited for";
  EXPECT_THAT(report, HasSubstr(InWords(300ms))) << "for how long";
  EXPECT_THAT(report, AllOf(HasSubstr("hello"), HasSubstr("oops"))) << "the last output";
  EXPECT_THAT(report, HasSubstr(executor.output().path())) << "where all of it is";
  EXPECT_THAT(report, HasSubstr("was still running")) << "it had not ended";
}

TEST(Messages, ShowTheCommandAsOneCouldPasteIt) {
  OutputExecutor executor({"sh", "-c", "printf '%s\\n' \"$1\"; exit 3", "sh", "it's {name}"},
                          "ready", {.name = "two words"});
  const std::string report = Thrown<ProcessExitedWithError>([&] { executor.start(); }).what();
  // With placeholders filled in, so that it can be run again.
  const std::string pasted = R"(sh -c 'printf '\''%s\n'\'' "$1"; exit 3' sh 'it'\''s two words')";
  EXPECT_THAT(report, HasSubstr(pasted));
  ChildProgram again({"sh", "-c", pasted});
  again.wait_for_end();
  EXPECT_EQ(again.text(), executor.output().text());
}

TEST(Messages, ShowNoMoreThanTheLastLines) {
  OutputExecutor executor({Service("prints_megabytes"), "--mib=1"}, "never",
                          {.start_timeout = 300ms});
  const std::string report = ReportOf(executor);
  EXPECT_THAT(report, AllOf(HasSubstr("last line"), Not(HasSubstr("first line"))));
  EXPECT_LT(report.size(), 20000u);
}

TEST(Messages, ShowTheBeginningOfALongCommand) {
  const std::string data(100'000, 'x');
  OutputExecutor executor({"sh", "-c", "exit 3", data}, "ready");
  const std::string what = Thrown<ProcessExitedWithError>([&] { executor.start(); }).what();
  EXPECT_LT(what.size(), 20000u);
  EXPECT_THAT(what, AllOf(HasSubstr("sh -c 'exit 3' xxxx"), HasSubstr("x [83631 more bytes]\n")));
}

TEST(Messages, ShowTheBeginningOfALongLine) {
  OutputExecutor executor({Service("exits_with"), "--code=3", "--out=" + std::string(1000, 'x')},
                          "ready");
  EXPECT_THAT(Thrown<ProcessExitedWithError>([&] { executor.start(); }).what(),
              HasSubstr("    | " + std::string(400, 'x') + " [600 more bytes]\n"));
}

TEST(Messages, StayReadableWhateverTheServicePrints) {
  for (const std::string stream : {"stdout", "stderr"}) {
    OutputExecutor executor({Service("prints_binary"), "--to=" + stream, "--code=3"}, "ready");
    const std::string report = Thrown<ProcessExitedWithError>([&] { executor.start(); }).what();
    ExpectReadable(report);
    EXPECT_THAT(report, AllOf(HasSubstr("the end"), HasSubstr("\\x1b[31mred"), HasSubstr("\\xc3("),
                              HasSubstr("gr\xc3\xbc")));
    EXPECT_LT(report.size(), 20000u) << "a line of 100,000 bytes is not for reading";
  }
}

TEST(Messages, ReportsStayReadableToo) {
  SimpleExecutor executor({Service("prints_binary"), "--code=0"});
  executor.start().wait(10s);
  ExpectReadable(executor.report());
}

TEST(Messages, StayReadableIfACommandIsNot) {
  OutputExecutor executor({"sh", "-c", "exit 3", "\x1b[31m\xff"}, "ready");
  ExpectReadable(Thrown<ProcessExitedWithError>([&] { executor.start(); }).what());
}

TEST(Messages, ShowALineThatMeansFailureReadably) {
  OutputExecutor executor({Service("prints_banner"), "--banner=FATAL \x1b[31m\xff"},
                          {.banner = "ready", .fail_on = "FATAL"});
  ExpectReadable(Thrown<StartupFailed>([&] { executor.start(); }).what());
}

TEST(Messages, SayThatNothingWasPrinted) {
  OutputExecutor executor("sleep 60", "ready", {.start_timeout = 300ms});
  EXPECT_THAT(ReportOf(executor), HasSubstr("no output"));
}

// The control: the check finds what it must find.
TEST(ReadableCheck, FindsControlCharactersAndBrokenUtf8) {
  for (const std::string text : {"\x1b[31m", "\x7f", "\xc3\x28", "\xed\xa0\x80", "\xff"}) {
    testing::TestPartResultArray failures;
    {
      testing::ScopedFakeTestPartResultReporter reporter(
          testing::ScopedFakeTestPartResultReporter::INTERCEPT_ONLY_CURRENT_THREAD, &failures);
      ExpectReadable(text);
    }
    EXPECT_GT(failures.size(), 0) << text.size();
  }
}

}  // namespace
}  // namespace mirakuru::tests
