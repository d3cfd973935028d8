// How the command is called, and what it says if that is wrong.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "run.hpp"

namespace mirakuru::tests {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

using CommandUsage = CommandTest;

const std::vector<std::string> kSubcommands{"run",   "up",   "down", "exec",
                                            "print", "logs", "ps",   "reap"};

TEST_F(CommandUsage, ListsAllSubcommandsOnRequest) {
  for (const char* asked : {"--help", "-h", "help"}) {
    const Apart help = run_apart({asked});
    EXPECT_EQ(help.exit_code, 0);
    EXPECT_EQ(help.err, "");
    for (const std::string& subcommand : kSubcommands) {
      EXPECT_THAT(help.out, HasSubstr("\n  mirakuru " + subcommand + " "));
    }
  }
}

TEST_F(CommandUsage, ListsAllSubcommandsWithoutArguments) {
  const Apart nothing = run_apart({});
  EXPECT_EQ(nothing.exit_code, 64);
  EXPECT_EQ(nothing.out, "");
  EXPECT_THAT(nothing.err, HasSubstr("\n  mirakuru run "));
}

TEST_F(CommandUsage, TellsItsVersion) {
  const Apart version = run_apart({"--version"});
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_THAT(version.out, testing::MatchesRegex("mirakuru [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

class CommandUsageHelp : public CommandTest, public testing::WithParamInterface<std::string> {};

TEST_P(CommandUsageHelp, TellsHowToCallIt) {
  for (const char* asked : {"--help", "-h"}) {
    const Apart help = run_apart({GetParam(), asked});
    EXPECT_EQ(help.exit_code, 0);
    EXPECT_EQ(help.err, "");
    EXPECT_THAT(help.out, StartsWith("mirakuru " + GetParam() + " "));
    EXPECT_THAT(help.out, HasSubstr("\n\n"));
  }
}

// What a synopsis or the list of options names is known.
TEST_P(CommandUsageHelp, NamesOptionsThatAreThere) {
  std::istringstream help(run_apart({GetParam(), "--help"}).out);
  for (std::string line; std::getline(help, line);) {
    if (line.rfind("  --", 0) != 0) continue;
    const std::string option = line.substr(2, line.find_first_of("= ", 2) - 2);
    const Finished run = RunMirakuru({GetParam(), option + "=?"});
    EXPECT_THAT(run.text, testing::Not(HasSubstr("unknown option"))) << line;
  }
}

INSTANTIATE_TEST_SUITE_P(Command, CommandUsageHelp, testing::ValuesIn(kSubcommands),
                         [](const auto& subcommand) { return subcommand.param; });

struct Mistake {
  const char* name;
  Words words;
  const char* message;
};

void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.name; }

class CommandUsageMistake : public CommandTest, public testing::WithParamInterface<Mistake> {};

TEST_P(CommandUsageMistake, IsToldAndIsExitCode64) {
  const Apart run = run_apart(GetParam().words);
  EXPECT_EQ(run.exit_code, 64);
  EXPECT_EQ(run.out, "");
  EXPECT_THAT(run.err, AllOf(StartsWith("mirakuru: "), HasSubstr(GetParam().message)));
}

const std::vector<Mistake> kMistakes{
    {"NoSuchSubcommand", {"rum"}, "unknown subcommand 'rum'"},
    {"NoSuchOption", {"run", "--nam=x", "--", "true", "::", "true"}, "unknown option --nam"},
    {"OptionOfAnother", {"run", "--owner=1", "--", "true", "::", "true"}, "unknown option --owner"},
    {"FollowOfAnother", {"run", "-f", "--", "true", "::", "true"}, "unknown option -f"},
    {"ShortOption", {"down", "-x"}, "unknown option -x"},
    {"NoValue", {"up", "--name"}, "--name requires a value"},
    {"NoNumber", {"up", "--timeout=soon", "--", "true"}, "--timeout: 'soon'"},
    {"NoFlag", {"ps", "--json=maybe"}, "--json: 'maybe'"},
    {"NegativeTimeout", {"up", "--timeout=-1", "--", "true"}, "-1: invalid time in seconds"},
    {"EndlessTimeout", {"up", "--timeout=inf", "--", "true"}, "inf: invalid time in seconds"},
    {"NoTimeout", {"up", "--timeout=nan", "--", "true"}, "nan: invalid time in seconds"},
    {"NoTimeAtAll",
     {"up", "--timeout=0", "--", "true"},
     "mirakuru: the timeout must be greater than 0\n"},
    {"NegativeStopTimeout", {"up", "--stop-timeout=-1", "--", "true"}, "invalid time in seconds"},
    {"NoSuchSignal", {"up", "--stop-signal=SIGNONE", "--", "true"}, "'SIGNONE': unknown signal"},
    {"NoSignalNumber", {"up", "--stop-signal=0", "--", "true"}, "'0': unknown signal"},
    {"BigSignalNumber", {"up", "--stop-signal=1000", "--", "true"}, "'1000': unknown signal"},
    {"NoVariable", {"up", "--env=NAME", "--", "true"}, "'NAME' is not VARIABLE=VALUE"},
    {"VariableWithoutName", {"up", "--env==x", "--", "true"}, "'' is not a variable's name"},
    {"NoName", {"up", "--name=a b", "--", "true"}, "'a b': invalid name"},
    {"UnknownCheck", {"up", "--ready=soon", "--", "true"}, "'soon': invalid check"},
    {"CheckWithoutValue", {"up", "--ready=tcp", "--", "true"}, "'tcp': invalid check"},
    {"NotifyWithValue", {"up", "--ready=notify:x", "--", "true"}, "'notify:x': invalid check"},
    {"NoAddress", {"up", "--ready=tcp:nowhere", "--", "true"}, "'nowhere': expected host:port"},
    {"BadExpression", {"up", "--ready=output:(", "--", "true"}, "bad regular expression '('"},
    {"OpenQuote", {"up", "--ready=command:echo 'x", "--", "true"}, "quote is not closed"},
    {"StatusOfTcp",
     {"up", "--ready=tcp:127.0.0.1:{port}", "--ready-status=404", "--", "true"},
     "--ready-status is only valid with --ready=http:URL"},
    {"NoTests", {"run", "--", "true"}, "missing service: "},
    {"NoTestsAfterTheLast", {"run", "--", "true", "::"}, "missing tests after the last ::"},
    {"NoServiceToRun", {"run", "::", "true"}, "missing command"},
    {"NothingToRun", {"run"}, "missing service: "},
    {"NoServiceToPutUp", {"up"}, "missing command"},
    {"TwoOfOneName",
     {"up", "--", "sleep", "60", "::", "--", "sleep", "61"},
     "duplicate service 'sleep'"},
    {"OwnerInWords", {"up", "--owner=me", "--", "true"}, "invalid value 'me'"},
    {"NegativeOwner", {"up", "--owner=-3", "--", "true"}, "invalid value '-3'"},
    {"NoSuchFile", {"up", "--file=/nothing.json"}, "/nothing.json: No such file"},
    {"FileAndCommand",
     {"up", "--file=/nothing.json", "--", "true"},
     "--file cannot be combined with a command"},
    {"FileAndOptionOfAService",
     {"up", "--timeout=1", "--file=/dev/null"},
     "--file cannot be combined with --timeout"},
    {"ExecOfNothing", {"exec"}, "exec NAME... -- COMMAND..."},
    {"ExecWithoutCommand", {"exec", "worker"}, "exec NAME... -- COMMAND..."},
    {"ExecWithEmptyCommand", {"exec", "worker", "--"}, "exec NAME... -- COMMAND..."},
    {"ExecWithoutName", {"exec", "--", "true"}, "exec NAME... -- COMMAND..."},
    {"PrintOfNothing", {"print"}, "print NAME [WHAT]"},
    {"PrintWithUnexpectedArgument", {"print", "worker", "port", "pid"}, "print NAME [WHAT]"},
    {"LogsOfNothing", {"logs"}, "logs [OPTION...] NAME"},
    {"LogsWithUnexpectedArgument", {"logs", "worker", "api"}, "logs [OPTION...] NAME"},
    {"PsOfAName", {"ps", "worker"}, "ps: unexpected argument 'worker'"},
    {"ReapOfAName", {"reap", "worker"}, "reap: unexpected argument 'worker'"},
};

INSTANTIATE_TEST_SUITE_P(Mistake, CommandUsageMistake, testing::ValuesIn(kMistakes),
                         [](const auto& mistake) { return std::string(mistake.param.name); });

// After "--" nothing is an option, and a word that is none ends them.
TEST_F(CommandUsage, LeavesTheOptionsOfACommandToIt) {
  const Words echo{"sh", "-c", "echo \"$@\"; exec sleep 60", "sh", "--name=x", "--", "-f"};
  for (const Words& separator : {Words{"--"}, Words{}}) {
    const Finished run = RunMirakuru(Words{"run", "--name=echo", "--ready=output:."} + separator +
                                     echo + Words{"::", "sh", "-c", "cat $ECHO_STDOUT"});
    EXPECT_EQ(run.exit_code, 0);
    EXPECT_THAT(run.text, HasSubstr("--name=x -- -f\n"));
  }
}

TEST_F(CommandUsage, KnowsOptionsByDashesAndUnderscores) {
  for (const char* option : {"--stop-signal", "--stop_signal"}) {
    const Finished run = RunMirakuru({"up", option, "NONE", "--", "true"});
    EXPECT_THAT(run.text, HasSubstr("'NONE': unknown signal"));
  }
}

TEST_F(CommandUsage, ForgetsTheOptionsOfOneServiceAtTheNext) {
  const Finished run =
      RunMirakuru(Words{"run", "--env=ONE=1", "--timeout=50"} + service("a") + Words{"::"} +
                  Words{"--ready=output:ready", "--name=b", "--", "sh", "-c",
                        "echo \"ready ${ONE-without}\"; exec sleep 60", mark().argument(),
                        "::", "sh", "-c", "cat $B_STDOUT"});
  EXPECT_EQ(run.exit_code, 0) << run.text;
  EXPECT_THAT(run.text, HasSubstr("ready without\n"));
}

}  // namespace
}  // namespace mirakuru::tests
