// mirakuru exec, mirakuru print and mirakuru logs: what others find out about a running service.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>
#include <string>
#include <vector>

#include "run.hpp"
#include "support/text.hpp"

namespace mirakuru::tests {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// With services that take orders (../services/does_as_told.cpp) while they run.
class RunningService : public CommandTest {
 protected:
  void up_for_orders(const std::string& name, const Words& arguments = {}) {
    ASSERT_EQ(mkfifo(orders(name).c_str(), 0600), 0);
    // For reading and writing: neither side waits for the other one.
    up(Words{"--name", name, "--ready=output:ready", "--", "sh", "-c",
             "fifo=$0; exec \"$@\" <> \"$fifo\"", orders(name)} +
       obedient(name, arguments));
  }
  std::string orders(const std::string& name) const { return path(name + ".orders"); }
  void tell(const std::string& name, const std::string& order) const {
    const int fd = open(orders(name).c_str(), O_RDWR | O_CLOEXEC);
    ASSERT_EQ(write(fd, (order + "\n").data(), order.size() + 1), std::ssize(order) + 1);
    close(fd);
  }
  // A command that makes the service print the text, and ends as soon as that is done.
  Words make_print(const std::string& name, const std::string& text, int code) const {
    return {"sh",
            "-c",
            "printf 'print %s\\nmake %s\\n' \"$0\" \"$1\" > \"$2\";"
            " until test -e \"$1\"; do sleep 0.001; done; exit $3",
            text,
            path(text),
            orders(name),
            std::to_string(code)};
  }
};

using ExecCommand = RunningService;
using PrintCommand = RunningService;
using LogsCommand = RunningService;

TEST_F(ExecCommand, PassesAddressesInVariables) {
  up(service("a", {"{port}"}) + Words{"::"} + service("my-b", {"{port:admin}"}));
  const Finished exec =
      RunMirakuru({"exec", "a", "my-b", "--", "sh", "-c",
                   "echo $A_PORT $A_PID $A_TMPDIR $A_STDOUT $A_STDERR $MY_B_PORT_ADMIN $MY_B_PID"});
  EXPECT_EQ(exec.exit_code, 0);
  EXPECT_EQ(exec.text, print("a", "port") + " " + print("a", "pid") + " " + print("a", "tmpdir") +
                           " " + print("a", "stdout") + " " + print("a", "stderr") + " " +
                           print("my-b", "port:admin") + " " + print("my-b", "pid") + "\n");
}

TEST_F(ExecCommand, NamesNoServicesButThoseThatAreAskedFor) {
  up(service("a"));
  up(service("b"));
  EXPECT_THAT(RunMirakuru({"exec", "a", "--", "env"}).text,
              AllOf(HasSubstr("\nA_PID="), Not(HasSubstr("\nB_PID="))));
}

TEST_F(ExecCommand, FillsInTheWordsOfTheCommand) {
  up(service("a", {"{port}", "{port:admin}"}));
  const std::string port = print("a", "port");
  const std::string admin = print("a", "port:admin");
  const std::string tmpdir = print("a", "tmpdir");
  EXPECT_EQ(RunMirakuru({"exec", "a", "--", "echo", "{port}", "{port:admin}", "{tmpdir}", "{name}",
                         "{a.port}", "{a.port:admin}", "{a.tmpdir}", "{b.port}"})
                .text,
            port + " " + admin + " " + tmpdir + " a " + port + " " + admin + " " + tmpdir +
                " {b.port}\n");
  up(service("b"));
  EXPECT_EQ(RunMirakuru({"exec", "a", "b", "--", "echo", "{port}", "{a.port}"}).text,
            "{port} " + port + "\n");
}

TEST_F(ExecCommand, RejectsAnUnknownPort) {
  up(service("a"));
  const Finished exec = RunMirakuru({"exec", "a", "--", "echo", "{port:admin}"});
  EXPECT_EQ(exec.exit_code, 64);
  EXPECT_THAT(exec.text, HasSubstr("the service 'a' has no {port:admin}"));
}

TEST_F(ExecCommand, ExitsAsTheCommandDoes) {
  up(service("a"));
  EXPECT_EQ(RunMirakuru({"exec", "a", "--", "true"}).exit_code, 0);
  EXPECT_EQ(RunMirakuru({"exec", "a", "--", "sh", "-c", "exit 7"}).exit_code, 7);
  EXPECT_EQ(RunMirakuru({"exec", "a", "--", "sh", "-c", "kill -KILL $$"}).exit_code, 128 + SIGKILL);
}

TEST_F(ExecCommand, TellsThatThereIsNoSuchCommand) {
  up(service("a"));
  const Finished exec = RunMirakuru({"exec", "a", "--", path("nothing")});
  EXPECT_EQ(exec.exit_code, 1);
  EXPECT_THAT(exec.text, HasSubstr("cannot run " + path("nothing")));
}

TEST_F(ExecCommand, TellsThatAServiceDoesNotRun) {
  up(service("a"));
  const Finished exec = RunMirakuru({"exec", "a", "nosuch", "--", "echo", "tests"});
  EXPECT_EQ(exec.exit_code, 69);
  EXPECT_EQ(exec.text, "mirakuru: no service 'nosuch' is running: no record of it in " +
                           path("fixtures") + "\n");
}

TEST_F(ExecCommand, TellsTheCommandWhichDirectoryItIs) {
  up(service("a"));
  const Finished exec = RunMirakuru(
      {"exec", "--directory", path("fixtures"), "a", "--", MIRAKURU_COMMAND, "print", "a", "pid"},
      {{"MIRAKURU_FIXTURES", path("elsewhere")}});
  EXPECT_EQ(exec.text, print("a", "pid") + "\n");
}

TEST_F(ExecCommand, ShowsWhatServicesPrintedMeanwhileIfTheCommandFails) {
  up_for_orders("a");
  RunMirakuru(Words{"exec", "a", "--"} + make_print("a", "before", 0));
  const Apart exec = run_apart(Words{"exec", "a", "--"} + make_print("a", "meanwhile", 7));
  EXPECT_EQ(exec.exit_code, 7);
  EXPECT_EQ(exec.out, "");
  EXPECT_EQ(exec.err, "a printed meanwhile:\n  stdout:\n    meanwhile\n");
}

TEST_F(ExecCommand, ShowsStderrAndWhatEachServicePrinted) {
  up_for_orders("a");
  up_for_orders("b");
  const Finished exec = RunMirakuru({"exec", "a", "b", "--", "sh", "-c",
                                     "for name in a b; do"
                                     " printf 'complain of it\\nmake %s\\n' \"$0/$name\""
                                     " > \"$0/$name.orders\";"
                                     " until test -e \"$0/$name\"; do sleep 0.001; done;"
                                     " done; exit 1",
                                     path("")});
  EXPECT_EQ(exec.text,
            "a printed meanwhile:\n  stderr:\n    of it\n"
            "b printed meanwhile:\n  stderr:\n    of it\n");
}

TEST_F(ExecCommand, ShowsTheLastThatWasPrintedBeforeTheEnd) {
  up_for_orders("a");
  // Much of it, and then the end of the command.
  const Finished exec =
      RunMirakuru({"exec", "a", "--", "sh", "-c",
                   "printf 'lines 20000\\nprint the last line\\nmake %s\\n' \"$1\" > \"$0\";"
                   " until test -e \"$1\"; do sleep 0.001; done; exit 1",
                   orders("a"), path("done")});
  EXPECT_THAT(exec.text, HasSubstr("    line 20000\n    the last line\n"));
  EXPECT_THAT(exec.text, ContainsRegex("stdout \\(after [0-9]+ bytes that are left out\\):"));
}

TEST_F(ExecCommand, ShowsNothingIfNothingWasPrinted) {
  up(service("a"));
  EXPECT_EQ(RunMirakuru({"exec", "a", "--", "false"}).text, "");
}

TEST_F(ExecCommand, ShowsNothingIfTheCommandSucceeds) {
  up_for_orders("a");
  EXPECT_EQ(RunMirakuru(Words{"exec", "a", "--"} + make_print("a", "meanwhile", 0)).text, "");
}

TEST_F(ExecCommand, ShowsOutputAsTheVariableSays) {
  up_for_orders("a");
  const auto shown = [&](const std::string& when, int code) {
    const Words command = make_print("a", when + std::to_string(code), code);
    return !RunMirakuru(Words{"exec", "a", "--"} + command, {{"MIRAKURU_SHOW_OUTPUT", when}})
                .text.empty();
  };
  EXPECT_TRUE(shown("always", 0));
  EXPECT_TRUE(shown("always", 1));
  EXPECT_FALSE(shown("failure", 0));
  EXPECT_TRUE(shown("failure", 1));
  EXPECT_FALSE(shown("never", 0));
  EXPECT_FALSE(shown("never", 1));
}

TEST_F(ExecCommand, PassesOnSignalsThatAskItToStop) {
  up(service("a"));
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    ChildProgram exec({MIRAKURU_COMMAND, "exec", "a", "--", "sh", "-c",
                       "trap 'echo told; exit 5' INT TERM HUP; echo running;"
                       " while :; do sleep 0.01; done"});
    ASSERT_TRUE(exec.wait_for_text("running"));
    ::kill(exec.pid(), signal);
    EXPECT_EQ(WEXITSTATUS(exec.wait_for_end()), 5);
    EXPECT_THAT(exec.text(), HasSubstr("told"));
  }
}

// mirakuru print

TEST_F(PrintCommand, PrintsOneThing) {
  up(service("a", {"--port={port}", "--admin={port:admin}"}));
  const std::string command = ReadFile("/proc/" + print("a", "pid") + "/cmdline");
  EXPECT_THAT(command, HasSubstr("--name=a"));
  EXPECT_THAT(command, HasSubstr("--port=" + print("a", "port")));
  EXPECT_THAT(command, HasSubstr("--admin=" + print("a", "port:admin")));
  EXPECT_TRUE(std::filesystem::is_directory(print("a", "tmpdir")));
  EXPECT_EQ(ReadFile(print("a", "stdout")), "ready\n");
  EXPECT_TRUE(std::filesystem::exists(print("a", "stderr")));
  EXPECT_EQ(print("a", "name"), "a");
}

TEST_F(PrintCommand, PrintsVariablesForAShell) {
  up(service("my-a", {"{port}", "{port:admin}"}));
  const Finished all = RunMirakuru({"print", "my-a"});
  EXPECT_EQ(LineCount(all.text), 7) << all.text;
  const Finished shell = RunToTheEnd(
      {"sh", "-c", all.text + "echo $MY_A_PORT $MY_A_PORT_ADMIN $MY_A_PID $MY_A_TMPDIR"});
  EXPECT_EQ(shell.text, print("my-a", "port") + " " + print("my-a", "port:admin") + " " +
                            print("my-a", "pid") + " " + print("my-a", "tmpdir") + "\n");
}

TEST_F(PrintCommand, QuotesVariablesForAShell) {
  const ScopedVariable blank("MIRAKURU_DIR", path("two words"));
  up(service("a"));
  EXPECT_THAT(print("a", "tmpdir"), HasSubstr("two words"));
  EXPECT_EQ(RunToTheEnd({"sh", "-c", RunMirakuru({"print", "a"}).text + "echo \"$A_TMPDIR\""}).text,
            print("a", "tmpdir") + "\n");
}

TEST_F(PrintCommand, RefusesNonsense) {
  up(service("a"));
  for (const char* nonsense : {"prot", "", "PORT"}) {
    const Apart print = run_apart({"print", "a", nonsense});
    EXPECT_EQ(print.exit_code, 64) << nonsense;
    EXPECT_EQ(print.out, "");
    EXPECT_THAT(print.err, HasSubstr("use one of port, port:NAME, tmpdir, pid, stdout, stderr"));
  }
}

TEST_F(PrintCommand, RejectsAnUnknownPort) {
  up(service("a", {"{port:admin}"}));
  for (const char* port : {"port", "port:adm"}) {
    const Apart print = run_apart({"print", "a", port});
    EXPECT_EQ(print.exit_code, 64);
    EXPECT_THAT(print.err, HasSubstr(std::string("the service 'a' has no {") + port + "}"));
  }
}

TEST_F(PrintCommand, TellsThatAServiceDoesNotRun) {
  const Apart print = run_apart({"print", "a", "port"});
  EXPECT_EQ(print.exit_code, 69);
  EXPECT_EQ(print.out, "");
  EXPECT_THAT(print.err,
              HasSubstr("no service 'a' is running: no record of it in " + path("fixtures")));
}

// mirakuru logs

TEST_F(LogsCommand, PrintsEitherStream) {
  up(service("a", {"--complains=hm"}));
  EXPECT_EQ(RunMirakuru({"logs", "a"}).text, "ready\n");
  EXPECT_EQ(RunMirakuru({"logs", "--err", "a"}).text, "hm\n");
}

TEST_F(LogsCommand, PrintsEveryByte) {
  up({"--name=a", "--ready=output:^the end$", "--", Service("prints_binary"), mark().argument()});
  const Finished logs = RunMirakuru({"logs", "a"});
  EXPECT_EQ(logs.text, ReadFile(print("a", "stdout")));
  EXPECT_GT(logs.text.size(), 100000U);
}

TEST_F(LogsCommand, TellsThatAServiceDoesNotRun) {
  const Apart logs = run_apart({"logs", "a"});
  EXPECT_EQ(logs.exit_code, 69);
  EXPECT_THAT(logs.err, HasSubstr("no service 'a' is running"));
}

TEST_F(LogsCommand, FollowsUntilTheServiceIsStopped) {
  for (const std::string option : {"-f", "--follow"}) {
    SCOPED_TRACE(option);
    const std::string orders = path("orders" + option);
    ASSERT_EQ(mkfifo(orders.c_str(), 0600), 0);
    up({"--name=a", "--ready=output:ready", "--", "sh", "-c", "exec \"$@\" <> \"$0\"", orders,
        Service("does_as_told"), "--name=a", "--trace=/dev/stdout", mark().argument()});
    ChildProgram logs({MIRAKURU_COMMAND, "logs", option, "a"});
    EXPECT_TRUE(logs.wait_for_text("ready\n"));
    WriteFile(orders, "print something new\n");
    EXPECT_TRUE(logs.wait_for_text("something new\n"));
    EXPECT_TRUE(Lives(logs.pid()));
    EXPECT_EQ(RunMirakuru({"down"}).exit_code, 0);
    EXPECT_EQ(logs.wait_for_end(), 0);
    EXPECT_THAT(logs.text(),
                testing::MatchesRegex("start a [0-9]+\nready\nsomething new\nstop a [0-9]+\n"));
  }
}

TEST_F(LogsCommand, FollowsUntilTheDaemonIsKilled) {
  up(service("a"));
  ChildProgram logs({MIRAKURU_COMMAND, "logs", "-f", "a"});
  EXPECT_TRUE(logs.wait_for_text("ready\n"));
  ::kill(daemon_of("a"), SIGKILL);
  EXPECT_EQ(logs.wait_for_end(), 0);
}

TEST_F(LogsCommand, FollowsNoServiceThatIsStartedAnew) {
  up(service("a"));
  ChildProgram logs({MIRAKURU_COMMAND, "logs", "-f", "a"});
  EXPECT_TRUE(logs.wait_for_text("ready\n"));
  RunMirakuru({"down"});
  up(service("a"));
  EXPECT_EQ(logs.wait_for_end(), 0);
  EXPECT_EQ(logs.text(), "ready\n");
}

TEST_F(LogsCommand, FollowsStderr) {
  up_for_orders("a");
  ChildProgram logs({MIRAKURU_COMMAND, "logs", "-f", "--err", "a"});
  tell("a", "complain bitterly");
  EXPECT_TRUE(logs.wait_for_text("bitterly\n"));
  EXPECT_THAT(logs.text(), StartsWith("bitterly"));
}

}  // namespace
}  // namespace mirakuru::tests
