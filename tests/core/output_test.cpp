// The output of a service: complete, in lines, while it runs, after it ended, and bounded.
#include "mirakuru/output.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "mirakuru/mirakuru.hpp"
#include "support/environment.hpp"
#include "support/service.hpp"
#include "support/temp_dir.hpp"
#include "support/thrown.hpp"
#include "support/wait_until.hpp"

namespace mirakuru::tests {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// Echoes what the test writes, so that the test decides what is printed when.
class Echo : public SimpleExecutor {
 public:
  Echo() : SimpleExecutor({Service("echoes_stdin")}) { start(); }
  void print(const std::string& text) { input().write(text); }
};

// Waits until it has printed everything and ended.
class Printed : public SimpleExecutor {
 public:
  explicit Printed(const std::string& text) : SimpleExecutor({"printf", "%s", text}) {
    start();
    wait(10s);
  }
};

TEST(OutputText, IsAllOfItSoFar) {
  Echo service;
  service.print("one\ntwo\n");
  service.output().wait_for("two");
  EXPECT_EQ(service.output().text(), "one\ntwo\n");
  EXPECT_EQ(service.err_output().text(), "");
}

TEST(OutputText, IsEmptyBeforeTheFirstStart) {
  SimpleExecutor executor("echo x");
  EXPECT_EQ(executor.output().text(), "");
  EXPECT_EQ(executor.output().tail(), "");
  EXPECT_EQ(executor.output().mark(), 0u);
  EXPECT_FALSE(executor.output().match("x"));
}

TEST(OutputText, StaysAfterTheEndAndAfterAStop) {
  Printed service("last words");
  EXPECT_EQ(service.output().text(), "last words");
  service.stop();
  EXPECT_EQ(service.output().text(), "last words");
}

TEST(OutputText, IsCompleteAsSoonAsTheEndIsKnown) {
  for (int i = 0; i < 20; ++i) {
    Printed service("line\nlast");
    ASSERT_EQ(service.output().text(), "line\nlast");
  }
}

TEST(OutputText, IsKeptAfterAFailedStart) {
  OutputExecutor executor({Service("exits_with"), "--code=3", "--out=no luck", "--err=sorry"},
                          "ready");
  EXPECT_THROW(executor.start(), ProcessExitedWithError);
  EXPECT_EQ(executor.output().text(), "no luck\n");
  EXPECT_EQ(executor.err_output().text(), "sorry\n");
}

TEST(OutputText, BeginsAnewWithEveryStart) {
  SimpleExecutor executor(Command::shell("echo x >> {tmpdir}/starts; wc -l < {tmpdir}/starts"));
  executor.start().wait(10s);
  EXPECT_EQ(executor.output().text(), "1\n");
  executor.stop().start().wait(10s);
  EXPECT_EQ(executor.output().text(), "2\n");
}

TEST(OutputText, KeepsEveryByte) {
  std::string bytes;
  for (int c = 1; c < 256; ++c) bytes += static_cast<char>(c);
  Printed service(bytes);
  EXPECT_EQ(service.output().text(), bytes);
}

TEST(OutputText, HoldsBothStreamsOfAProgramThatPrintsBinary) {
  SimpleExecutor executor({Service("prints_binary"), "--code=0"});
  executor.start().wait(10s);
  const std::string text = executor.output().text();
  EXPECT_THAT(text, EndsWith("the end\n"));
  EXPECT_EQ(text[0], '\0');
  EXPECT_EQ(static_cast<unsigned char>(text[255]), 255);
  EXPECT_THAT(text, HasSubstr(std::string(100000, 'L') + "\n"));
}

TEST(OutputTail, IsTheLastLines) {
  Printed service("1\n2\n3\n4\n");
  EXPECT_EQ(service.output().tail(2), "3\n4\n");
  EXPECT_EQ(service.output().tail(100), "1\n2\n3\n4\n");
  EXPECT_EQ(service.output().tail(0), "");
}

TEST(OutputTail, CountsALastLineWithoutANewline) {
  Printed service("1\n2\n3");
  EXPECT_EQ(service.output().tail(2), "2\n3");
}

TEST(OutputTail, IsTwentyLinesByDefault) {
  std::string text;
  for (int i = 0; i < 30; ++i) text += std::to_string(i) + "\n";
  Printed service(text);
  EXPECT_THAT(service.output().tail(), AllOf(StartsWith("10\n"), EndsWith("29\n")));
}

TEST(OutputTail, ReachesBackOverLongLines) {
  const std::string line(50000, 'x');
  Printed service("first\n" + line + "\nlast\n");
  EXPECT_EQ(service.output().tail(2), line + "\nlast\n");
  EXPECT_EQ(service.output().tail(3), "first\n" + line + "\nlast\n");
}

TEST(OutputMatch, IsTheFirstLineThatMatches) {
  Printed service("GET /a\nPOST /b\nGET /c\n");
  EXPECT_EQ(service.output().match("GET"), "GET /a");
  EXPECT_EQ(service.output().match("/[bc]$"), "POST /b");
  EXPECT_EQ(service.output().match("DELETE"), std::nullopt);
  EXPECT_EQ(service.output().match("GET"), "GET /a") << "match() does not consume output";
}

TEST(OutputMatch, RejectsABadPattern) {
  Printed service("x\n");
  EXPECT_THAT(Thrown<std::invalid_argument>([&] { service.output().match("("); }).what(),
              HasSubstr("("));
  EXPECT_THROW(service.output().wait_for("["), std::invalid_argument);
}

TEST(OutputWaitFor, GivesTheNextLineThatMatches) {
  Echo service;
  service.print("GET /a\nother\nGET /b\n");
  EXPECT_EQ(service.output().wait_for("GET /"), "GET /a");
  EXPECT_EQ(service.output().wait_for("GET /"), "GET /b");
  service.print("GET /c\n");
  EXPECT_EQ(service.output().wait_for("GET /"), "GET /c");
}

TEST(OutputWaitFor, MatchesALineThatIsNotCompleteYet) {
  Echo service;
  service.print("login: ");
  EXPECT_EQ(service.output().wait_for("^login:"), "login: ");
  service.print("next\n");
  EXPECT_EQ(service.output().wait_for("next"), "next");
}

TEST(OutputWaitFor, PutsALineTogetherThatComesInPieces) {
  Echo service;
  service.print("rea");
  EXPECT_THROW(service.output().wait_for("ready", 30ms), TimeoutExpired);
  service.print("dy\n");
  EXPECT_EQ(service.output().wait_for("ready"), "ready");
}

TEST(OutputWaitFor, GivesUpAfterItsTimeout) {
  Echo service;
  service.print("something else\n");
  const auto error = Thrown<TimeoutExpired>([&] { service.output().wait_for("GET /", 80ms); });
  EXPECT_THAT(error.what(), AllOf(HasSubstr("GET /"), HasSubstr(InWords(80ms)),
                                  HasSubstr("something else"), HasSubstr("echoes_stdin")));
}

TEST(OutputWaitFor, FailsAtOnceIfTheStreamEnded) {
  SimpleExecutor executor({Service("exits_with"), "--code=3", "--out=no luck"});
  executor.start();
  const auto error =
      Thrown<ProcessExitedWithError>([&] { executor.output().wait_for("ready", forever); });
  EXPECT_EQ(error.exit_status().code(), 3);
  EXPECT_THAT(error.what(), AllOf(HasSubstr("ready"), HasSubstr("no luck")));
}

TEST(OutputWaitFor, FindsWhatWasPrintedBeforeTheEnd) {
  Printed service("ready\nrest");
  EXPECT_EQ(service.output().wait_for("ready"), "ready");
  EXPECT_EQ(service.output().wait_for("rest"), "rest");
  EXPECT_THROW(service.output().wait_for("more", forever), ProcessExitedWithError);
}

TEST(OutputWaitFor, WatchesStderrToo) {
  SimpleExecutor executor(Command::shell("sleep 0.02; echo GET / >&2; read line"));
  executor.start();
  EXPECT_EQ(executor.err_output().wait_for("GET"), "GET /");
}

TEST(OutputReadLine, GivesLineAfterLineWithoutNewlines) {
  Printed service("one\n\nthree\r\nfour");
  EXPECT_EQ(service.output().read_line(), "one");
  EXPECT_EQ(service.output().read_line(), "");
  EXPECT_EQ(service.output().read_line(), "three");
  EXPECT_EQ(service.output().read_line(), "four") << "the end of the stream ends the line";
  EXPECT_EQ(service.output().read_line(), std::nullopt);
  EXPECT_EQ(service.output().read_line(), std::nullopt);
}

TEST(OutputReadLine, WaitsForALineToBeComplete) {
  Echo service;
  service.print("half ");
  EXPECT_THROW(service.output().read_line(30ms), TimeoutExpired);
  service.print("and half\n");
  EXPECT_EQ(service.output().read_line(), "half and half");
}

TEST(OutputReadLine, NoticesTheEndOfTheStreamWhileTheServiceLives) {
  SimpleExecutor executor({Service("closes_its_output")});
  executor.start();
  EXPECT_EQ(executor.output().read_line(), "closing");
  EXPECT_EQ(executor.output().read_line(), std::nullopt);
  EXPECT_TRUE(executor.running());
}

TEST(OutputReadLine, GoesOnWhereWaitForStopped) {
  Printed service("one\ntwo\nthree\nfour\n");
  EXPECT_EQ(service.output().wait_for("two"), "two");
  EXPECT_EQ(service.output().read_line(), "three");
  EXPECT_EQ(service.output().wait_for("."), "four");
}

TEST(OutputReadLine, BeginsAnewWithEveryStart) {
  SimpleExecutor executor("echo hello");
  executor.start().wait(10s);
  EXPECT_EQ(executor.output().read_line(), "hello");
  executor.stop().start().wait(10s);
  EXPECT_EQ(executor.output().read_line(), "hello");
}

TEST(OutputReadLine, GivesLinesOfAMebibyteWhole) {
  const std::string line(1 << 20, 'x');
  Echo service;
  service.print(line + "\nnext\n");
  EXPECT_EQ(service.output().wait_for("^next$"), "next");
  EXPECT_EQ(service.output().text(), line + "\nnext\n");

  Echo again;
  again.print(line + "\nnext\n");
  std::string read;
  while (read.size() < line.size()) read += again.output().read_line().value();
  EXPECT_EQ(read, line);
  EXPECT_EQ(again.output().read_line(), "next");
}

TEST(OutputReadLine, GivesWhatIsLeftOfALogThatWasDeleted) {
  Echo service;
  service.print("one\n");
  EXPECT_EQ(service.output().read_line(), "one");
  service.print("two\n");
  ASSERT_TRUE(WaitUntil([&] { return service.output().mark() == 8; }));
  std::filesystem::remove(service.output().path());
  EXPECT_EQ(service.output().read_line(), "two");
}

// As a tidy-up of /tmp does, or a step of a CI job.
TEST(DeletedRunDirectory, IsNamedByWhoeverAsksForOutput) {
  Echo service;
  service.print("one\n");
  EXPECT_EQ(service.output().read_line(), "one");
  const std::string path = service.output().path();
  std::filesystem::remove_all(std::filesystem::path(path).parent_path().parent_path());
  const std::vector<std::function<void()>> questions{[&] { service.output().text(); },
                                                     [&] { service.output().tail(); },
                                                     [&] { service.output().match("one"); }};
  for (const auto& ask : questions) {
    const std::string error = Thrown<ExecutorError>(ask).what();
    EXPECT_THAT(error, AllOf(HasSubstr("deleted"), HasSubstr(path)));
  }
}

TEST(DeletedRunDirectory, IsMadeAgainByTheNextStart) {
  OutputExecutor executor(Command::shell("echo x > {tmpdir}/file; echo ready; cat"), "ready");
  executor.start();
  const std::filesystem::path directory = executor.expand("{tmpdir}");
  std::filesystem::remove_all(directory.parent_path().parent_path());
  executor.restart();
  EXPECT_TRUE(std::filesystem::exists(directory / "file"));
  EXPECT_EQ(executor.output().text(), "ready\n");
  EXPECT_NO_THROW(OutputExecutor({"echo", "another one"}, "another", {.launcher = true}).start());
}

TEST(OutputMark, CountsBytesOverAllStarts) {
  SimpleExecutor executor("echo hello");
  executor.start().wait(10s);
  EXPECT_EQ(executor.output().mark(), 6u);
  executor.stop().start().wait(10s);
  EXPECT_EQ(executor.output().mark(), 12u);
  EXPECT_EQ(executor.output().text(), "hello\n");
  EXPECT_EQ(executor.output().since(0), "hello\nhello\n");
}

TEST(OutputMark, SeparatesWhatCameBeforeFromWhatComesSince) {
  Echo service;
  service.print("before\n");
  service.output().wait_for("before");
  const std::uint64_t mark = service.output().mark();
  EXPECT_EQ(service.output().since(mark), "");
  service.print("since\n");
  service.output().wait_for("since");
  EXPECT_EQ(service.output().since(mark), "since\n");
}

TEST(OutputPath, IsALogThatNobodyElseCanRead) {
  std::string path;
  {
    Printed service("hello\n");
    path = service.output().path();
    EXPECT_EQ(ReadFile(path), "hello\n");
    EXPECT_NE(path, service.err_output().path());
    struct stat directory {};
    ASSERT_EQ(stat(std::filesystem::path(path).parent_path().c_str(), &directory), 0);
    EXPECT_EQ(directory.st_mode & 0077, 0u);
  }
  EXPECT_FALSE(std::filesystem::exists(path)) << "it is deleted with the executor";
}

TEST(OutputThroughATerminal, HasPlainNewlines) {
  SimpleExecutor executor("printf 'one\\ntwo\\n'", {.std_out = Stream::terminal()});
  executor.start().wait(10s);
  EXPECT_EQ(executor.output().text(), "one\ntwo\n");
}

// --- bounds

class BoundedOutput : public testing::TestWithParam<int> {};

TEST_P(BoundedOutput, KeepsHeadAndTailAndSaysWhatIsMissing) {
  const int mib = GetParam();
  SimpleExecutor executor({Service("prints_megabytes"), "--mib=" + std::to_string(mib)},
                          {.std_out = Stream::capture(1 << 20)});
  executor.start();
  EXPECT_EQ(executor.output().wait_for("^last line$", 30s), "last line");
  const std::uint64_t printed =
      (static_cast<std::uint64_t>(mib) << 20) + std::string("first line\nlast line\n").size();
  EXPECT_EQ(executor.output().mark(), printed);

  const std::string text = executor.output().text();
  EXPECT_THAT(text, AllOf(StartsWith("first line\nline 0 "), EndsWith("last line\n")));
  // The first half of the limit and at least the last quarter are kept; a line reports the rest.
  EXPECT_GE(text.size(), 3u << 18);
  EXPECT_LE(text.size(), (1u << 20) + 200);
  EXPECT_THAT(text, HasSubstr("bytes are missing here"));
  EXPECT_LE(BytesIn(std::filesystem::path(executor.output().path()).parent_path()), 1u << 20);

  EXPECT_THAT(executor.output().tail(2), EndsWith("last line\n"));
  EXPECT_EQ(executor.output().match("^first"), "first line");
}

INSTANTIATE_TEST_SUITE_P(Mebibytes, BoundedOutput, testing::Values(4, 64));

TEST(BoundedOutput, KeepsAllThatFits) {
  SimpleExecutor executor({Service("prints_megabytes"), "--mib=1"},
                          {.std_out = Stream::capture(4 << 20)});
  executor.start();
  executor.output().wait_for("^last line$");
  const std::string text = executor.output().text();
  EXPECT_EQ(text.size(), (1u << 20) + std::string("first line\nlast line\n").size());
  EXPECT_THAT(text, Not(HasSubstr("missing")));
}

TEST(BoundedOutput, IsReadLineByLineAroundWhatIsMissing) {
  SimpleExecutor executor({Service("prints_megabytes"), "--mib=4"},
                          {.std_out = Stream::capture(256 << 10)});
  executor.start();
  // The log has wrapped before the first line is read.
  while (executor.output().tail(1) != "last line\n") executor.output().mark();
  EXPECT_EQ(executor.output().read_line(), "first line");
  std::string line;
  int lines = 1;
  do {
    line = executor.output().read_line().value();
    ++lines;
  } while (line != "last line");
  EXPECT_LT(lines, 256 * 1024 / 64 * 2);
  EXPECT_GT(lines, 256 * 1024 / 64 / 2);
}

TEST(BoundedOutput, StaysReadableAfterTheEnd) {
  SimpleExecutor executor({Service("prints_megabytes"), "--mib=3"},
                          {.std_out = Stream::capture(1 << 20)});
  executor.start();
  executor.output().wait_for("^last line$");
  executor.stop();
  EXPECT_THAT(executor.output().text(), AllOf(StartsWith("first line\n"), EndsWith("last line\n")));
}

// The service may print faster than its output can be read.
TEST(EndlessOutput, IsGivenAsFarAsItHasCome) {
  SimpleExecutor executor({Service("prints_forever")}, {.std_out = Stream::capture(1 << 20)});
  executor.start();
  executor.output().wait_for("^x");
  EXPECT_THAT(executor.output().text(), StartsWith("x"));
  EXPECT_THAT(executor.output().tail(1), StartsWith("x"));
  EXPECT_EQ(executor.output().match("^never$"), std::nullopt);
  EXPECT_THROW(executor.output().wait_for("^never$", 200ms), TimeoutExpired);
}

TEST(BoundedOutput, IsBoundedOnEachStreamAlone) {
  SimpleExecutor executor(
      Command::shell("head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2; "
                     "echo; echo end; echo end >&2"),
      {.std_out = Stream::capture(64 << 10), .std_err = Stream::capture(1 << 20)});
  executor.start().wait(10s);
  EXPECT_LE(executor.output().text().size(), (64u << 10) + 200);
  EXPECT_GE(executor.err_output().text().size(), 3u << 18);
  EXPECT_THAT(executor.err_output().text(), EndsWith("end\n"));
}

TEST(StreamFile, HasNoLimit) {
  const TempDir directory;
  SimpleExecutor executor({Service("prints_megabytes"), "--mib=3"},
                          {.std_out = Stream::file(directory / "log")});
  executor.start();
  executor.output().wait_for("^last line$");
  EXPECT_EQ(std::filesystem::file_size(directory / "log"),
            (3u << 20) + std::string("first line\nlast line\n").size());
}

}  // namespace
}  // namespace mirakuru::tests
