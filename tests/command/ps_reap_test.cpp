// mirakuru ps and mirakuru reap. Other tests run on this machine, too: so these look at nothing but
// processes of their own, and reap in a PID namespace without others.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <ctime>
#include <sstream>
#include <string>
#include <vector>

#include "mirakuru/mirakuru.hpp"
#include "run.hpp"
#include "support/missing.hpp"

namespace mirakuru::tests {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

class PsCommand : public CommandTest {
 protected:
  // The line of the table that has this pid.
  static std::string row_of(int pid) {
    std::istringstream table(RunMirakuru({"ps"}).text);
    for (std::string line; std::getline(table, line);) {
      std::istringstream words(line);
      std::string name;
      std::string second;
      words >> name >> second;
      if (second == std::to_string(pid)) return line;
    }
    return "";
  }

  // What `ps --json` says of the service with this pid: "key=value" for each key, in order.
  static std::string json_of(int pid) {
    return RunToTheEnd({"sh", "-c", "\"$0\" ps --json | \"$1\" -c \"$2\" $3", MIRAKURU_COMMAND,
                        MIRAKURU_PYTHON,
                        "import json, sys\n"
                        "for service in json.load(sys.stdin):\n"
                        "    if service['pid'] == int(sys.argv[1]):\n"
                        "        for key in sorted(service):\n"
                        "            print(f'{key}={json.dumps(service[key])}')\n",
                        std::to_string(pid)})
        .text;
  }

  // A service without an owner: its owner is a process that has ended.
  Words orphan(int owner) const {
    return Words{"env", "mirakuru_uuid=" + std::to_string(owner) + ":x"} + obedient("orphan");
  }
};

Words ListeningService(const Mark& mark) {
  return {Service("listens_on_port"), "--port={port}", mark.argument()};
}

TEST_F(PsCommand, ListsAServiceThatIsUp) {
  up(Words{"--name=server", "--ready=tcp:127.0.0.1:{port}", "--"} + ListeningService(mark()));
  const std::string daemon = std::to_string(daemon_of("server"));
  EXPECT_THAT(
      row_of(pid_of("server")),
      testing::MatchesRegex("server +" + print("server", "pid") + " +" + print("server", "port") +
                            " +[0-9]+ s +[0-9]+\\.[0-9] MiB +mirakuru \\(pid " + daemon + "\\)"));
  EXPECT_THAT(RunMirakuru({"ps"}).text, testing::StartsWith("NAME"));
}

TEST_F(PsCommand, ListsItInJson) {
  const std::time_t before = std::time(nullptr);
  up(Words{"--name=server", "--ready=tcp:127.0.0.1:{port}", "--"} + ListeningService(mark()));
  const std::string json = json_of(pid_of("server"));
  EXPECT_THAT(json, testing::MatchesRegex("memory=[1-9][0-9]+\nname=\"server\"\nowner=" +
                                          std::to_string(daemon_of("server")) +
                                          "\nowner_lives=true\npid=" + print("server", "pid") +
                                          "\nports=\\[" + print("server", "port") +
                                          "\\]\nprocesses=1\nsince=[0-9]+\n"));
  const std::time_t since = std::atoll(json.c_str() + json.find("since=") + 6);
  EXPECT_GE(since, before - 2);
  EXPECT_LE(since, std::time(nullptr) + 2);
}

TEST_F(PsCommand, ListsTheServicesOfATestProgram) {
  TCPExecutor service(ListeningService(mark()), "127.0.0.1:{port}");
  service.start();
  EXPECT_THAT(row_of(service.pid()),
              testing::MatchesRegex("listens_on_port +" + std::to_string(service.pid()) + " +" +
                                    std::to_string(service.port()) + " .* command_tests \\(pid " +
                                    std::to_string(getpid()) + "\\)"));
}

TEST_F(PsCommand, ListsTheServicesOfARun) {
  ChildProgram run(Words{MIRAKURU_COMMAND, "run"} + service("worker") +
                   Words{"::", "sh", "-c", "echo pid is $WORKER_PID.; exec sleep 60"});
  ASSERT_TRUE(run.wait_for_text(".\n"));
  const int pid = std::atoi(run.text().c_str() + run.text().find("pid is ") + 7);
  EXPECT_THAT(row_of(pid), AllOf(HasSubstr("does_as_told"),
                                 HasSubstr("mirakuru (pid " + std::to_string(run.pid()) + ")")));
}

TEST_F(PsCommand, CountsAllProcessesOfAService) {
  up({"--name=forks", "--ready=output:ready", "--", Service("forks_children_in_own_groups"),
      mark().argument()});
  EXPECT_THAT(json_of(pid_of("forks")), HasSubstr("\nprocesses=7\n"));
}

TEST_F(PsCommand, NamesAServiceWithARecordElsewhereByItsProgram) {
  up(service("worker"));
  const int pid = pid_of("worker");
  const ScopedVariable elsewhere("MIRAKURU_FIXTURES", path("elsewhere"));
  EXPECT_THAT(row_of(pid), testing::StartsWith("does_as_told "));
}

TEST_F(PsCommand, DoesNotListWhatHasEnded) {
  up(service("worker"));
  const int pid = pid_of("worker");
  EXPECT_NE(row_of(pid), "");
  ::kill(pid, SIGKILL);
  ASSERT_TRUE(ends(pid));
  EXPECT_EQ(row_of(pid), "");
  EXPECT_EQ(json_of(pid), "");
  EXPECT_THAT(RunMirakuru({"ps"}).text, Not(ContainsRegex("(^|\n)worker ")));
}

TEST_F(PsCommand, TellsThatAnOwnerIsGone) {
  const int owner = EndedPid();
  ChildProgram service(orphan(owner));
  ASSERT_TRUE(service.wait_for_text("ready"));
  EXPECT_THAT(row_of(service.pid()), HasSubstr("gone (pid " + std::to_string(owner) + ")"));
  EXPECT_THAT(json_of(service.pid()), HasSubstr("\nowner_lives=false\n"));
  // The control.
  ChildProgram owned(orphan(getpid()));
  ASSERT_TRUE(owned.wait_for_text("ready"));
  EXPECT_THAT(json_of(owned.pid()), HasSubstr("\nowner_lives=true\n"));
}

// mirakuru reap

class ReapCommand : public PsCommand {
 protected:
  void SetUp() override {
    if (RunToTheEnd({"unshare", "-pf", "--mount-proc", "true"}).exit_code == 0) return;
    const std::string why =
        "needs a PID namespace of its own (root), to end nothing of others "
        "(MIRAKURU_TEST_ALLOW_MISSING=1 skips the test)";
    if (MissingIsAllowed()) GTEST_SKIP() << why;
    FAIL() << why;
  }

  // In the script, `start NAME OWNER [PROGRAM]` starts a service that is marked as that process's,
  // $gone is a process that has ended, and $mirakuru the command.
  Finished run_alone(const std::string& script) const {
    const std::string functions =
        "gone=$(sh -c 'echo $$')\n"
        "start() {\n"
        "  env mirakuru_uuid=$2:x \"$services/${3-does_as_told}\" --name=$1 "
        "--trace=\"$directory/trace\""
        "    " +
        mark().argument() +
        " > \"$directory/$1.out\" &\n"
        "  pid=$!\n"
        "  until test -s \"$directory/$1.out\"; do sleep 0.01; done\n"
        "}\n"
        "lives() { kill -0 $1 2> /dev/null && echo lives || echo ended; }\n";
    return RunToTheEnd({"unshare", "-pf", "--mount-proc", "sh", "-c", functions + script},
                       {{"mirakuru", MIRAKURU_COMMAND},
                        // Nobody is left to delete directories when the namespace ends.
                        {"MIRAKURU_DIR", path("")},
                        {"services", MIRAKURU_TEST_SERVICES_DIR},
                        {"directory", path("")}});
  }
};

TEST_F(ReapCommand, EndsServicesWhoseOwnerIsGoneAndNoOthers) {
  const Finished reap = run_alone(
      "start orphan $gone; orphan=$pid; start owned $$; owned=$pid\n"
      "$mirakuru reap; echo exit code $?\n"
      "wait $orphan; echo $orphan $gone; lives $owned\n");
  std::istringstream words(reap.text.substr(reap.text.find("exit code 0\n") + 12));
  std::string pid;
  std::string owner;
  words >> pid >> owner;
  EXPECT_EQ(reap.text, "does_as_told (pid " + pid + "): its owner (pid " + owner +
                           ") has ended\nexit code 0\n" + pid + " " + owner + "\nlives\n");
  EXPECT_THAT(trace(), testing::UnorderedElementsAre("start orphan", "start owned", "stop orphan"));
}

TEST_F(ReapCommand, EndsNothingInADryRun) {
  const Finished reap = run_alone(
      "start orphan $gone; orphan=$pid\n"
      "$mirakuru reap --dry-run; lives $orphan\n");
  EXPECT_THAT(reap.text, ContainsRegex("^does_as_told \\(pid [0-9]+\\): its owner "
                                       "\\(pid [0-9]+\\) has ended\nlives\n$"));
  EXPECT_THAT(trace(), testing::ElementsAre("start orphan"));
}

TEST_F(ReapCommand, KillsWhatIgnoresTheSignal) {
  const Finished reap = run_alone(
      "start orphan $gone ignores_sigterm; orphan=$pid\n"
      "$mirakuru reap > /dev/null; wait $orphan; echo $?\n");
  EXPECT_THAT(reap.text, HasSubstr(std::to_string(128 + SIGKILL) + "\n"));
}

TEST_F(ReapCommand, LeavesTheServicesOfARun) {
  const Finished reap = run_alone(
      "$mirakuru run --name=worker --ready=output:ready -- $services/does_as_told :: "
      "$mirakuru reap; echo exit code $?\n");
  EXPECT_EQ(reap.text, "worker: started\nworker: ready\nexit code 0\n");
}

TEST_F(ReapCommand, LeavesTheServicesThatAreUp) {
  const Finished reap = run_alone(
      "$mirakuru up --name=worker --ready=output:ready -- $services/does_as_told > /dev/null\n"
      "$mirakuru reap; $mirakuru down; echo exit code $?\n");
  EXPECT_EQ(reap.text, "worker is stopped\nexit code 0\n");
}

TEST_F(ReapCommand, PrintsNothingIfThereIsNothingToReap) {
  EXPECT_EQ(run_alone("$mirakuru reap; echo exit code $?").text, "exit code 0\n");
}

}  // namespace
}  // namespace mirakuru::tests
