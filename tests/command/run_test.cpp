// mirakuru run.
#include "run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "support/ready_kinds.hpp"
#include "support/sockets.hpp"

namespace mirakuru::tests {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ContainsRegex;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::UnorderedElementsAre;

Words Tests(const std::string& script) { return {"::", "sh", "-c", script}; }

// Says "running", and then waits to be told to stop: "told" and exit code 5.
Words PatientTests(const std::string& told) {
  return {"::", "sh", "-c",
          "trap 'echo told > \"$0\"; exit 5' INT TERM HUP; echo running;"
          " while :; do sleep 0.01; done",
          told};
}

using RunCommand = CommandTest;

TEST_F(RunCommand, ExitsAsTheTestsDo) {
  for (const int code : {0, 7}) {
    const Finished run =
        RunMirakuru(Words{"run"} + service("worker") + Tests("exit " + std::to_string(code)));
    EXPECT_EQ(run.exit_code, code) << run.text;
  }
  EXPECT_THAT(trace(), ElementsAre("start worker", "stop worker", "start worker", "stop worker"));
}

TEST_F(RunCommand, ExitsWith128AndTheSignalThatEndedTheTests) {
  const Finished run = RunMirakuru(Words{"run"} + service("worker") + Tests("kill -KILL $$"));
  EXPECT_EQ(run.exit_code, 128 + SIGKILL) << run.text;
}

TEST_F(RunCommand, TellsOnStderrWhatIsReadyInPlainLines) {
  const Apart run = run_apart(Words{"run"} + service("worker") + Tests("echo from the tests"));
  EXPECT_EQ(run.out, "from the tests\n");
  EXPECT_EQ(run.err, "worker: started\nworker: ready\n");
}

TEST_F(RunCommand, LeavesStdinToTheTests) {
  const Finished run = RunToTheEnd(
      Words{"sh", "-c", "echo hello | \"$@\" 2> /dev/null", "sh", MIRAKURU_COMMAND, "run"} +
      service("worker") + Words{"::", "cat"});
  EXPECT_EQ(run.text, "hello\n");
}

TEST_F(RunCommand, BlocksNoSignalOfTheTests) {
  const Finished run = RunMirakuru(Words{"run"} + service("worker") +
                                   Words{"::", "grep", "SigBlk", "/proc/self/status"});
  EXPECT_THAT(run.text, HasSubstr("SigBlk:\t0000000000000000\n"));
}

TEST_F(RunCommand, TellsWhyAServiceIsNotReady) {
  const Apart run = run_apart(Words{"run", "--timeout=0.3"} + service("worker", {"--never-ready"}) +
                              Tests("touch " + path("tests-ran")));
  EXPECT_EQ(run.exit_code, 69);
  EXPECT_EQ(run.out, "");
  EXPECT_THAT(run.err, AllOf(HasSubstr("worker: not ready within " +
                                       InWords(std::chrono::milliseconds(300))),
                             HasSubstr("waited for:"), HasSubstr("command:")));
  EXPECT_FALSE(std::filesystem::exists(path("tests-ran")));
}

TEST_F(RunCommand, TellsWhyAServiceEndedBeforeItWasReady) {
  const Apart run = run_apart(Words{"run", "--ready=output:ready", "--", Service("exits_with"),
                                    "--code=3", "--err=no luck today", "::", "true"});
  EXPECT_EQ(run.exit_code, 69);
  EXPECT_THAT(run.err, AllOf(HasSubstr("exits_with: ended before it was ready: exited with 3"),
                             HasSubstr("| no luck today\n")));
}

TEST_F(RunCommand, TellsThatThereIsNoSuchProgram) {
  const Finished run = RunMirakuru({"run", "--", path("nothing"), "::", "true"});
  EXPECT_EQ(run.exit_code, 69);
  EXPECT_THAT(run.text, HasSubstr("cannot be started"));
}

TEST_F(RunCommand, StopsTheOthersIfOneIsNotReady) {
  WriteFile(path("services.json"), R"({"services": {
    "first": {"shell": "exec )" + obedient("first")[0] +
                                       " --name=first --trace=" + path("trace") + " " +
                                       mark().argument() + R"(", "ready": {"output": "ready"}},
    "second": {"command": "false", "ready": {"output": "ready"}, "depends": ["first"]}}})");
  const Finished run = RunMirakuru({"run", "--file", path("services.json"), "::", "true"});
  EXPECT_EQ(run.exit_code, 69) << run.text;
  EXPECT_THAT(trace(), ElementsAre("start first", "stop first"));
}

TEST_F(RunCommand, TellsThatAServiceDiedWhileTheTestsPassed) {
  const Apart run = run_apart(Words{"run"} + service("worker") + Tests("kill -KILL $WORKER_PID"));
  EXPECT_EQ(run.exit_code, 70);
  EXPECT_THAT(run.err, ContainsRegex("worker: .*SIGKILL"));
}

TEST_F(RunCommand, TellsThatAServiceEndedBadly) {
  const Apart run = run_apart(Words{"run"} + service("worker", {"--exit-with=3"}) + Tests("true"));
  EXPECT_EQ(run.exit_code, 70);
  EXPECT_THAT(run.err, ContainsRegex("worker: .*exited with 3"));
}

TEST_F(RunCommand, ExitsAsTheTestsDoIfAServiceEndedBadlyToo) {
  const Apart run =
      run_apart(Words{"run"} + service("worker", {"--exit-with=3"}) + Tests("exit 7"));
  EXPECT_EQ(run.exit_code, 7);
  EXPECT_THAT(run.err, ContainsRegex("worker: .*exited with 3"));
}

TEST_F(RunCommand, KillsWhatDoesNotStop) {
  const Finished run = RunMirakuru({"run", "--stop-timeout=0.2", "--ready=output:ignoring", "--",
                                    Service("ignores_sigterm"), mark().argument(), "::", "true"});
  EXPECT_EQ(run.exit_code, 70) << run.text;
}

TEST_F(RunCommand, StopsByTheSignalThatIsNamed) {
  const std::string script =
      "trap 'echo by INT > \"$0\"; exit 0' INT; echo ready;"
      " while :; do sleep 0.01; done";
  for (const std::string name : {"SIGINT", "INT", "2"}) {
    WriteFile(path("told"), "");
    const Finished run =
        RunMirakuru({"run", "--stop-signal", name, "--ready=output:ready", "--", "sh", "-c", script,
                     path("told"), mark().argument(), "::", "true"});
    EXPECT_EQ(run.exit_code, 0) << run.text;
    EXPECT_EQ(ReadFile(path("told")), "by INT\n") << name;
  }
}

TEST_F(RunCommand, StartsServicesConcurrently) {
  // Each waits for the other one.
  const Finished run = RunMirakuru(
      Words{"run"} + service("a", {"--makes=" + path("a"), "--after-file=" + path("b")}) +
      Words{"::"} + service("b", {"--makes=" + path("b"), "--after-file=" + path("a")}) +
      Tests("exit 0"));
  EXPECT_EQ(run.exit_code, 0) << run.text;
  EXPECT_THAT(trace(), UnorderedElementsAre("start a", "start b", "stop a", "stop b"));
}

TEST_F(RunCommand, PassesAddressesToTheTestsInVariables) {
  const Apart run =
      run_apart(Words{"run"} + service("my-api", {"--port={port}", "--admin={port:admin-2}"}) +
                Tests("set -e; test -d \"$MY_API_TMPDIR\"; kill -0 $MY_API_PID; cat $MY_API_STDOUT;"
                      " test -f \"$MY_API_STDERR\"; tr '\\0' ' ' < /proc/$MY_API_PID/cmdline;"
                      " echo; echo --port=$MY_API_PORT --admin=$MY_API_PORT_ADMIN_2"));
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_THAT(run.out, HasSubstr("ready\n"));
  const std::string last = run.out.substr(run.out.rfind('\n', run.out.size() - 2) + 1);
  EXPECT_THAT(last, ContainsRegex("--port=[0-9]+ --admin=[0-9]+\n"));
  EXPECT_THAT(run.out, HasSubstr(last.substr(0, last.size() - 1) + " \n"));  // of its command line
}

TEST_F(RunCommand, HasNoPortVariableForAServiceWithoutAPort) {
  const Apart run = run_apart(Words{"run"} + service("worker") + Tests("env"));
  EXPECT_THAT(run.out, AllOf(HasSubstr("WORKER_PID="), Not(HasSubstr("WORKER_PORT"))));
}

TEST_F(RunCommand, FillsInTheWordsOfTheTests) {
  const Apart run = run_apart(
      Words{"run"} + service("api", {"{port}", "{port:admin}"}) +
      Tests(
          "echo {port} {port:admin} {tmpdir} {name} {api.port} {api.port:admin} {api.tmpdir};"
          " echo $API_PORT $API_PORT_ADMIN $API_TMPDIR api $API_PORT $API_PORT_ADMIN $API_TMPDIR"));
  const std::size_t half = run.out.size() / 2;
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out.substr(0, half), run.out.substr(half));
}

TEST_F(RunCommand, FillsInPlaceholdersOfSeveralServicesByName) {
  const Apart run = run_apart(Words{"run"} + service("a", {"{port}"}) + Words{"::"} +
                              service("b", {"{port:admin}"}) +
                              Tests("echo {a.port} {b.port:admin} {port}; "
                                    "echo $A_PORT $B_PORT_ADMIN '{'port'}'"));
  const std::size_t half = run.out.size() / 2;
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out.substr(0, half), run.out.substr(half));
}

// Which is in the environment of the tests, too.
TEST_F(RunCommand, FillsInThePortOfTheCheck) {
  const FreePort port;
  const Apart run =
      run_apart(Words{"run", "--ready=tcp:127.0.0.1:" + port.text(), "--name=a", "--",
                      Service("listens_on_port"), "--port=" + port.text(), mark().argument()} +
                Tests("echo {port} {a.port} $A_PORT"));
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out, port.text() + " " + port.text() + " " + port.text() + "\n");
}

TEST_F(RunCommand, StopsServicesIfTheTestsUseAnUnknownPort) {
  const Finished run =
      RunMirakuru(Words{"run"} + service("a") + Words{"::", "echo", "{a.port:admin}"});
  EXPECT_EQ(run.exit_code, 64);
  EXPECT_THAT(run.text, HasSubstr("a: {port:admin} is not used"));
  EXPECT_THAT(trace(), ElementsAre("start a", "stop a"));
}

TEST_F(RunCommand, StopsServicesIfTheTestsCannotBeRun) {
  const Finished run = RunMirakuru(Words{"run"} + service("a") + Words{"::", path("nothing")});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.text, HasSubstr("cannot run " + path("nothing") + ": No such file"));
  EXPECT_THAT(trace(), ElementsAre("start a", "stop a"));
}

// On the PATH, as execvp(3) says it.
TEST_F(RunCommand, TellsWhyTheTestsCannotBeRun) {
  WriteFile(path("not-executable"), "#!/bin/sh\n");
  const Variables variables{{"PATH", std::getenv("PATH") + (":" + path(""))}};
  const Finished denied =
      RunMirakuru(Words{"run"} + service("a") + Words{"::", "not-executable"}, variables);
  EXPECT_EQ(denied.exit_code, 1);
  EXPECT_THAT(denied.text, HasSubstr("cannot run not-executable: Permission denied"));
  const Finished missing =
      RunMirakuru(Words{"run"} + service("a") + Words{"::", "nosuchprogram"}, variables);
  EXPECT_EQ(missing.exit_code, 1);
  EXPECT_THAT(missing.text, HasSubstr("cannot run nosuchprogram: No such file"));
}

// As make does with its jobserver.
TEST_F(RunCommand, PassesOnDescriptorsThatItWasGivenAndNoneOfItsOwn) {
  const Finished run = RunToTheEnd(
      Words{"sh", "-c", "exec 7</dev/null; \"$@\" 2>/dev/null", "sh", MIRAKURU_COMMAND, "run"} +
      service("worker") + Tests("ls -l /proc/self/fd | sed -n 's/.* \\([0-9]* -> .*\\)/\\1/p'"));
  EXPECT_THAT(run.text, HasSubstr("7 -> /dev/null\n"));
  EXPECT_THAT(run.text, Not(ContainsRegex("(pidfd|signalfd|eventpoll|eventfd|timerfd|socket)")));
}

TEST_F(RunCommand, LeavesTheNameOfTheProgramToTheTests) {
  const Finished run = RunMirakuru(Words{"run"} + service("worker") +
                                   Words{"::", "sh", "-c", "tr '\\0' '\\n' < /proc/$$/cmdline"});
  EXPECT_THAT(run.text, HasSubstr("sh\n-c\n"));
  EXPECT_THAT(run.text, Not(HasSubstr("/sh\n-c\n")));
}

TEST_F(RunCommand, PassesOnEnvironmentAndDirectory) {
  const Apart run = run_apart({"run", "--name=w", "--env", "A=1=2", "--env=B={port}",
                               "--cwd={tmpdir}", "--ready=output:ready", "--", "sh", "-c",
                               "echo $A $B $PWD; echo ready; exec sleep 60", "::", "sh", "-c",
                               "cat $W_STDOUT; echo 1=2 $W_PORT $W_TMPDIR; echo ready"});
  const std::size_t half = run.out.size() / 2;
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out.substr(0, half), run.out.substr(half));
}

TEST_F(RunCommand, LetsOnlyItsTestsFindTheServices) {
  ChildProgram run(Words{MIRAKURU_COMMAND, "run"} + service("worker") +
                   Tests(MIRAKURU_COMMAND " print worker pid && echo found && read line"));
  ASSERT_TRUE(run.wait_for_text("found")) << run.text();
  EXPECT_EQ(RunMirakuru({"print", "worker", "pid"}).exit_code, 69);
  ::kill(run.pid(), SIGTERM);
  run.wait_for_end();
}

TEST_F(RunCommand, EndsWithItsTestsIfTheyStopAService) {
  const Finished run = RunMirakuru(Words{"run"} + service("worker") +
                                   Tests(MIRAKURU_COMMAND " down worker; sleep 60"));
  EXPECT_EQ(run.exit_code, 128 + SIGTERM) << run.text;
  EXPECT_THAT(trace(), ElementsAre("start worker", "stop worker"));
}

// --ready

// Starts the service and runs tests once it is ready.
class RunCommandReadyBy : public CommandTest {
 protected:
  Apart run_tests_of(const ReadyKind& kind, const Words& options) const {
    Words command = kind.service;
    command[0] = Service(command[0]);
    return run_apart(Words{"run"} + options + Words{"--"} + command +
                     Words{mark().argument(), "--after-ms=50"} + Tests("echo tests"));
  }
};

class RunCommandReadyByKind : public RunCommandReadyBy,
                              public testing::WithParamInterface<ReadyKind> {
 protected:
  static Words option() {
    const auto& [name, value, service] = GetParam();
    return {"--ready=" + name + (value.empty() ? "" : ":" + value)};
  }
};

TEST_P(RunCommandReadyByKind, WaitsForIt) {
  const Apart run = run_tests_of(GetParam(), option());
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out, "tests\n");
}

TEST_P(RunCommandReadyByKind, FailsWithoutIt) {
  // The control: the same with a service that does nothing.
  const Finished run = RunMirakuru(
      Words{"run", "--timeout=0.2"} + option() +
      Words{"--", Service("does_as_told"), "--never-ready", "{port}", mark().argument()} +
      Tests("echo tests"));
  EXPECT_EQ(run.exit_code, 69);
  EXPECT_THAT(run.text, HasSubstr("does_as_told: not ready within"));
}

INSTANTIATE_TEST_SUITE_P(All, RunCommandReadyByKind, testing::ValuesIn(kReadyKinds),
                         [](const auto& kind) { return kind.param.name; });

TEST_F(RunCommandReadyBy, TakesTheStatusAndMethodOfHttp) {
  const Apart run = run_tests_of(
      {"", "", {"http_server", "--port={port}", "--statuses=500,404"}},
      {"--ready=http:http://127.0.0.1:{port}/", "--ready-status=40.", "--ready-method=GET"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
}

TEST_F(RunCommandReadyBy, TakesSeveral) {
  const Apart run = run_tests_of({"", "", {"listens_on_port", "--port={port}"}},
                                 {"--ready=tcp:127.0.0.1:{port}", "--ready=command:true"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
}

TEST_F(RunCommand, WaitsForAllChecks) {
  const Finished run =
      RunMirakuru(Words{"run", "--timeout=0.3", "--ready=file:" + path("nothing")} +
                  service("worker") + Tests("exit 0"));
  EXPECT_EQ(run.exit_code, 69);
  EXPECT_THAT(run.text, HasSubstr(path("nothing")));
}

// Signals

class RunCommandSignal : public CommandTest, public testing::WithParamInterface<int> {};

TEST_P(RunCommandSignal, EndsTheTestsAndStopsTheServices) {
  ChildProgram run(Words{MIRAKURU_COMMAND, "run"} + service("worker") + PatientTests(path("told")));
  ASSERT_TRUE(run.wait_for_text("running"));
  ::kill(run.pid(), GetParam());
  EXPECT_EQ(WEXITSTATUS(run.wait_for_end()), 128 + GetParam()) << run.text();
  EXPECT_EQ(ReadFile(path("told")), "told\n");
  EXPECT_THAT(trace(), ElementsAre("start worker", "stop worker"));
}

TEST_P(RunCommandSignal, EndsTheStartAndStopsWhatIsReady) {
  ChildProgram run(Words{MIRAKURU_COMMAND, "run"} + service("fast") + Words{"::"} +
                   service("never", {"--never-ready"}) + Tests("echo tests"));
  ASSERT_TRUE(run.wait_for_text("fast: ready"));
  ASSERT_TRUE(traces("start never"));
  ::kill(run.pid(), GetParam());
  EXPECT_EQ(WEXITSTATUS(run.wait_for_end()), 128 + GetParam()) << run.text();
  EXPECT_THAT(trace(), Contains("stop fast"));
  EXPECT_THAT(run.text(), Not(HasSubstr("tests")));
}

INSTANTIATE_TEST_SUITE_P(Signal, RunCommandSignal, testing::Values(SIGINT, SIGTERM, SIGHUP),
                         [](const auto& signal) {
                           return std::string("SIG") + sigabbrev_np(signal.param);
                         });

// As Ctrl-C does that ends the tests at once.
TEST_F(RunCommand, StopsTheServicesIfTheSignalComesWithTheEndOfTheTests) {
  ChildProgram run(Words{MIRAKURU_COMMAND, "run"} + service("worker") +
                   Tests("echo tests $$.; exec sleep 60"));
  ASSERT_TRUE(run.wait_for_text(".\n"));
  const int tests = std::atoi(run.text().c_str() + run.text().find("tests ") + 6);
  ::kill(run.pid(), SIGSTOP);
  ASSERT_TRUE(WaitUntil([&] { return StateOf(run.pid()) == 'T'; }));
  ::kill(run.pid(), SIGINT);
  ::kill(tests, SIGINT);
  ASSERT_TRUE(ends(tests));
  ::kill(run.pid(), SIGCONT);
  const int status = run.wait_for_end();
  ASSERT_TRUE(WIFEXITED(status)) << "signal " << WTERMSIG(status);
  EXPECT_EQ(WEXITSTATUS(status), 128 + SIGINT);
  EXPECT_THAT(trace(), ElementsAre("start worker", "stop worker"));
}

// More signals end it at once, well before the stop timeout of a minute is over.
void ExpectMoreSignalsToEnd(ChildProgram& run) {
  EXPECT_TRUE(WaitUntil([&] {
    ::kill(run.pid(), SIGTERM);
    return !Lives(run.pid());
  }));
  const int status = run.wait_for_end();
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGTERM);
}

TEST_F(RunCommand, EndsAtOnceByASecondSignal) {
  ChildProgram run({MIRAKURU_COMMAND, "run", "--stop-timeout=60", "--ready=output:ignoring", "--",
                    Service("ignores_sigterm"), mark().argument(), "::", "sh", "-c",
                    "echo running; exec sleep 60"});
  ASSERT_TRUE(run.wait_for_text("running"));
  ExpectMoreSignalsToEnd(run);
}

TEST_F(RunCommand, EndsAtOnceByASecondSignalDuringTheStart) {
  ChildProgram run(Words{MIRAKURU_COMMAND, "run", "--stop-timeout=60", "--ready=output:ignoring",
                         "--", Service("ignores_sigterm"), mark().argument(), "::"} +
                   service("never", {"--never-ready"}) + Tests("true"));
  ASSERT_TRUE(run.wait_for_text("ignores_sigterm: ready"));
  ExpectMoreSignalsToEnd(run);
}

TEST_F(RunCommand, LeavesNothingIfItIsKilled) {
  const ScopedVariable directories("MIRAKURU_DIR", path("run"));
  std::filesystem::create_directory(path("run"));
  // The tests go by themselves, as soon as their parent is no more.
  ChildProgram run(
      {MIRAKURU_COMMAND, "run", "--ready=output:ready", "--",
       Service("forks_children_in_own_groups"), mark().argument(), "::", "sh", "-c",
       "echo running; exec > /dev/null 2>&1; while kill -0 $PPID; do sleep 0.01; done"});
  ASSERT_TRUE(run.wait_for_text("running"));
  EXPECT_THAT(mark().processes(), testing::SizeIs(testing::Ge(7U)));
  run.kill();
  run.wait_for_end();
  EXPECT_TRUE(mark().gone_within(std::chrono::seconds(10)));
  EXPECT_TRUE(WaitUntil([&] { return std::filesystem::is_empty(path("run")); }));
}

}  // namespace
}  // namespace mirakuru::tests
