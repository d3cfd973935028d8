// The command in a terminal, as a person sees it and stops it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <regex>
#include <string>
#include <vector>

#include "run.hpp"
#include "support/text.hpp"

namespace mirakuru::tests {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// A command in a terminal of tmux, which stays when the command has ended.
class Terminal {
 public:
  explicit Terminal(const Words& command, int width = 120) {
    // The shell outlives Ctrl-C, and says how the command ended.
    const Words shell{"sh", "-c", "trap : INT; \"$@\"; echo $? > \"$0\"; exec cat",
                      exit_code_path_};
    const Finished tmux = RunToTheEnd(Words{"tmux", "-S", socket_, "-f", "/dev/null", "new-session",
                                            "-d", "-x", std::to_string(width), "-y", "30", "--"} +
                                      shell + command);
    if (tmux.exit_code != 0) throw std::runtime_error("tmux: " + tmux.text);
  }
  ~Terminal() { run({"kill-server"}); }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  std::string screen() const { return run({"capture-pane", "-p"}); }
  void press(const std::string& key) const { run({"send-keys", key}); }

  bool shows(const std::string& expression) const {
    const std::regex wanted(expression);
    return WaitUntil([&] { return std::regex_search(screen(), wanted); });
  }
  // What the group of the expression matches once it is shown, such as a number.
  std::string shown(const std::string& expression) const {
    std::smatch match;
    std::string text;
    const std::regex wanted(expression);
    WaitUntil([&] {
      text = screen();
      return std::regex_search(text, match, wanted);
    });
    return match.size() > 1 ? match[1].str() : "";
  }

  // As the shell tells it, once the command has ended; -1 if it does not end.
  int exit_code() const {
    std::string code;
    return WaitUntil([&] {
      code = ReadFile(exit_code_path_);
      return !code.empty() && code.back() == '\n';
    })
               ? std::stoi(code)
               : -1;
  }

 private:
  std::string run(const Words& words) const {
    return RunToTheEnd(Words{"tmux", "-S", socket_} + words).text;
  }

  TempDir directory_;
  std::string socket_ = directory_ / "socket";
  std::string exit_code_path_ = directory_ / "exit-code";
};

using CommandInATerminal = CommandTest;

const Words kRun{MIRAKURU_COMMAND, "run"};

Words SlowServer(const std::string& file, const Mark& mark) {
  return {
      "--name=slow",   "--ready=tcp:127.0.0.1:{port}", "--",           Service("listens_on_port"),
      "--port={port}", "--after-file=" + file,         mark.argument()};
}

TEST_F(CommandInATerminal, HasALiveLineForEachService) {
  const Terminal terminal(kRun + service("fast-one") + Words{"::"} +
                          SlowServer(path("go"), mark()) +
                          Words{"::", "sh", "-c", "echo the tests"});
  EXPECT_TRUE(terminal.shows("(^|\n)fast-one  ready\n"));
  const std::string line =
      "slow      ([0-9]+\\.[0-9]) s, waiting for 127\\.0\\.0\\.1:[0-9]+ to accept a "
      "connection: .*Connection refused";
  const std::string seconds = terminal.shown(line);
  EXPECT_NE(seconds, "");
  // It is drawn again and again, in the same place.
  EXPECT_TRUE(WaitUntil([&] { return terminal.shown(line) != seconds; }));
  EXPECT_EQ(Count(terminal.screen(), "slow"), 1);
  EXPECT_EQ(Count(terminal.screen(), "fast-one"), 1);
  WriteFile(path("go"), "");
  EXPECT_TRUE(terminal.shows("\nslow      ready\nthe tests\n"));
  EXPECT_EQ(terminal.exit_code(), 0);
  EXPECT_EQ(Count(terminal.screen(), "slow"), 1);
}

TEST_F(CommandInATerminal, TellsWhatWaitsForOthers) {
  WriteFile(path("services.json"),
            "{\"services\": {\"slow\": {\"command\": \"sleep 60\", \"ready\": {\"file\": \"" +
                path("go") +
                "\"}}, \"api\": {\"command\": \"sleep 60\", \"depends\": [\"slow\"]}}}");
  const Terminal terminal(kRun + Words{"--file", path("services.json"), "::", "true"});
  EXPECT_TRUE(
      terminal.shows("api   waiting for the services that it depends on\n"
                     "slow  [0-9.]+ s, waiting for "));
  WriteFile(path("go"), "");
  EXPECT_TRUE(terminal.shows("api   ready\nslow  ready\n"));
  EXPECT_EQ(terminal.exit_code(), 0);
}

TEST_F(CommandInATerminal, CutsALineThatIsTooLong) {
  const Terminal terminal(kRun + SlowServer(path("go"), mark()) + Words{"::", "true"}, 40);
  const std::string line = "(^|\n)slow  [0-9.]+ s, waiting for 127.0.0.1:.*\n\n";
  EXPECT_TRUE(terminal.shows(line));
  // Had it been wrapped, what is drawn over it later would leave a part.
  const std::string seconds = terminal.shown("slow  ([0-9.]+) s");
  EXPECT_TRUE(WaitUntil([&] { return terminal.shown("slow  ([0-9.]+) s") != seconds; }));
  EXPECT_TRUE(terminal.shows(line));
  EXPECT_EQ(Count(terminal.screen(), "slow"), 1);
}

TEST_F(CommandInATerminal, TellsWhyAServiceIsNotReadyBelowItsLine) {
  const Terminal terminal(kRun + Words{"--timeout=0.5"} + SlowServer(path("go"), mark()) +
                          Words{"::", "true"});
  EXPECT_TRUE(terminal.shows("(^|\n)slow  .*\nmirakuru: slow: not ready within "));
  EXPECT_EQ(terminal.exit_code(), 69);
}

TEST_F(CommandInATerminal, StopsEverythingByCtrlC) {
  const Terminal terminal(kRun + service("a") + Words{"::"} + service("b") +
                          Words{"::", "sh", "-c",
                                "trap 'echo told >> \"$0\"; exit 5' INT; echo running;"
                                " while :; do sleep 0.01; done",
                                path("told")});
  ASSERT_TRUE(terminal.shows("running"));
  terminal.press("C-c");
  EXPECT_EQ(terminal.exit_code(), 128 + SIGINT);
  EXPECT_EQ(ReadFile(path("told")), "told\n");  // once: by the terminal alone
  EXPECT_THAT(trace(), testing::IsSupersetOf({"stop a", "stop b"}));
}

// They and the command get the signal at the same time.
TEST_F(CommandInATerminal, StopsEverythingByCtrlCThatEndsTheTestsAtOnce) {
  const Terminal terminal(kRun + service("a") + Words{"::", "sh", "-c", "echo running; exec cat"});
  ASSERT_TRUE(terminal.shows("running"));
  terminal.press("C-c");
  EXPECT_EQ(terminal.exit_code(), 128 + SIGINT);
  EXPECT_THAT(trace(), ElementsAre("start a", "stop a"));
}

TEST_F(CommandInATerminal, StopsWhatIsReadyByCtrlCDuringTheStart) {
  const Terminal terminal(kRun + service("fast") + Words{"::"} + SlowServer(path("go"), mark()) +
                          Words{"::", "echo", "the tests"});
  ASSERT_TRUE(terminal.shows("fast  ready\nslow  "));
  terminal.press("C-c");
  EXPECT_EQ(terminal.exit_code(), 128 + SIGINT);
  EXPECT_THAT(trace(), ElementsAre("start fast", "stop fast"));
  EXPECT_THAT(terminal.screen(), Not(HasSubstr("the tests")));
}

TEST_F(CommandInATerminal, EndsAtOnceByASecondCtrlC) {
  const Terminal terminal(
      kRun + Words{"--stop-timeout=60", "--ready=output:ready", "--", "sh", "-c",
                   "trap 'echo told > \"$0\"' TERM; echo ready; while :; do sleep 0.01; done",
                   path("told"), mark().argument(), "::", "sh", "-c", "echo running; exec cat"});
  ASSERT_TRUE(terminal.shows("running"));
  terminal.press("C-c");
  // It has a minute to stop in.
  ASSERT_TRUE(WaitUntil([&] { return std::filesystem::exists(path("told")); }));
  terminal.press("C-c");
  EXPECT_EQ(terminal.exit_code(), 128 + SIGINT);
}

TEST_F(CommandInATerminal, LeavesServicesOfUpRunning) {
  // Ctrl-C is for what runs in the terminal, and not for what has been started there before.
  const Terminal terminal(
      Words{"sh", "-c", "\"$0\" \"$@\"; echo running; exec sleep 60", MIRAKURU_COMMAND, "up"} +
      service("worker"));
  ASSERT_TRUE(terminal.shows("running"));
  terminal.press("C-c");
  EXPECT_EQ(terminal.exit_code(), 128 + SIGINT);
  EXPECT_THAT(trace(), ElementsAre("start worker"));
  EXPECT_TRUE(Lives(pid_of("worker")));
}

}  // namespace
}  // namespace mirakuru::tests
