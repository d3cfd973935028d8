// Service files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "run.hpp"
#include "support/ready_kinds.hpp"

namespace mirakuru::tests {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

std::string JsonList(const Words& words) {
  std::string list;
  for (const std::string& word : words) list += (list.empty() ? "\"" : ", \"") + word + "\"";
  return "[" + list + "]";
}

class ServiceFile : public CommandTest {
 protected:
  // With these services: "\"redis\": {...}, ...".
  Words file(const std::string& services) const {
    WriteFile(path("services.json"), "{\"services\": {" + services + "}}");
    return {"--file", path("services.json")};
  }
  std::string command(const std::string& name, const Words& arguments = {}) const {
    return "\"command\": " + JsonList(obedient(name, arguments)) +
           ", \"ready\": {\"output\": \"ready\"}";
  }
};

TEST_F(ServiceFile, HasAllOfAService) {
  const std::string script =
      "trap 'exit 3' INT; echo $TZ $PWD on {port} and {port:admin} as {name}; while :; do sleep "
      "0.01; done";
  const Apart run = run_apart(
      Words{"run"} +
      file(R"("my-api": {
        "command": ["sh", "-c", ")" +
           script + R"(", ")" + mark().argument() + R"("],
        "ready": [{"output": "on"}, {"command": "test -d {tmpdir}"}],
        "timeout": 5.5,
        "stop_timeout": 4,
        "stop_signal": "SIGINT",
        "expected_returncode": 3,
        "environment": {"TZ": "UTC{port}"},
        "cwd": "{tmpdir}"
      })") +
      Words{
          "::", "sh", "-c",
          "cat $MY_API_STDOUT;"
          " echo UTC$MY_API_PORT $MY_API_TMPDIR on $MY_API_PORT and $MY_API_PORT_ADMIN as my-api"});
  const std::size_t half = run.out.size() / 2;
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out.substr(0, half), run.out.substr(half));
}

TEST_F(ServiceFile, TakesACommandAsALine) {
  const Finished run =
      RunMirakuru(Words{"run"} + file(R"("a": {"command": "sh -c 'echo two words; exec sleep 60'",
                                   "ready": {"output": "^two words$"}})") +
                  Words{"::", "true"});
  EXPECT_EQ(run.exit_code, 0) << run.text;
}

TEST_F(ServiceFile, TakesAScript) {
  const Finished run =
      RunMirakuru(Words{"run"} + file(R"("a": {"shell": "echo two words | cat; exec sleep 60",
                                   "ready": {"output": "^two words$"}})") +
                  Words{"::", "true"});
  EXPECT_EQ(run.exit_code, 0) << run.text;
}

TEST_F(ServiceFile, TakesALauncher) {
  const Finished run =
      RunMirakuru(Words{"run"} +
                  file("\"a\": {\"command\": " +
                       JsonList({Service("daemonizes_and_forgets_its_environment"),
                                 "--pid-file={tmpdir}/pid", mark().argument()}) +
                       R"(, "ready": {"file": "{tmpdir}/pid"}, "launcher": true})") +
                  Words{"::", "sh", "-c", "kill -0 $(cat $A_TMPDIR/pid)"});
  EXPECT_EQ(run.exit_code, 0) << run.text;
}

TEST_F(ServiceFile, KnowsEveryKindOfCheck) {
  std::string services;
  for (const auto& [name, value, words] : kReadyKinds) {
    Words command = words + Words{mark().argument()};
    command[0] = Service(command[0]);
    if (!services.empty()) services += ", ";
    services += "\"" + name + "\": {\"command\": " + JsonList(command) + ", \"ready\": {";
    services += "\"" + name + "\": " + (value.empty() ? "true" : "\"" + value + "\"") + "}}";
  }
  const Finished run = RunMirakuru(Words{"run"} + file(services) + Words{"::", "true"});
  EXPECT_EQ(run.exit_code, 0) << run.text;
}

TEST_F(ServiceFile, TakesTheStatusAndMethodOfHttp) {
  const auto service = [&](const std::string& name, const std::string& options) {
    return "\"" + name + "\": {\"command\": " +
           JsonList(
               {Service("http_server"), "--port={port}", "--statuses=404", mark().argument()}) +
           R"(, "ready": {"http": "http://127.0.0.1:{port}/", )" + options + "}}";
  };
  const Finished run = RunMirakuru(Words{"run"} +
                                   file(service("number", R"("status": 404, "method": "GET")") +
                                        "," + service("regex", R"("status": "4..|200")")) +
                                   Words{"::", "true"});
  EXPECT_EQ(run.exit_code, 0) << run.text;
}

TEST_F(ServiceFile, TakesTheCommandOfACheckAsAList) {
  const Finished run = RunMirakuru(Words{"run"} +
                                   file(R"("a": {"command": )" + JsonList(obedient("a")) +
                                        R"(, "ready": {"command": ["test", "-d", "{tmpdir}"]}})") +
                                   Words{"::", "true"});
  EXPECT_EQ(run.exit_code, 0) << run.text;
}

// The names are in reverse: a file is read in alphabetical order.
TEST_F(ServiceFile, StartsWhatOthersDependOnFirstAndStopsItLast) {
  const Finished run =
      RunMirakuru(Words{"run"} +
                  file("\"a\": {" + command("a", {"{b.port}"}) + R"(, "depends": ["b"]},)" +
                       "\"b\": {" + command("b", {"{port}", "{c.tmpdir}"}) +
                       R"(, "depends": ["c"]},)" + "\"c\": {" + command("c") + "}") +
                  Words{"::", "true"});
  EXPECT_EQ(run.exit_code, 0) << run.text;
  EXPECT_THAT(trace(), ElementsAre("start c", "start b", "start a", "stop a", "stop b", "stop c"));
}

TEST_F(ServiceFile, StartsConcurrentlyWhatDoesNotDependOnEachOther) {
  // Each waits for the other one; the third one for both.
  const Finished run = RunMirakuru(
      Words{"run"} +
      file("\"a\": {" + command("a") + R"(, "depends": ["b", "c"]},)" + "\"b\": {" +
           command("b", {"--makes=" + path("b"), "--after-file=" + path("c")}) + "}, \"c\": {" +
           command("c", {"--makes=" + path("c"), "--after-file=" + path("b")}) + "}") +
      Words{"::", "true"});
  EXPECT_EQ(run.exit_code, 0) << run.text;
  EXPECT_EQ(trace()[2], "start a");
  EXPECT_EQ(trace()[3], "stop a");
}

TEST_F(ServiceFile, DoesNotStartWhatDependsOnOneThatFailed) {
  const Finished run =
      RunMirakuru(Words{"run"} +
                  file(R"("b": {"command": "false", "ready": {"output": "x"}}, "a": {)" +
                       command("a") + R"(, "depends": ["b"]})") +
                  Words{"::", "true"});
  EXPECT_EQ(run.exit_code, 69);
  EXPECT_THAT(run.text, HasSubstr("b: ended before it was ready: exited with 1"));
  EXPECT_THAT(trace(), testing::IsEmpty());
}

TEST_F(ServiceFile, FillsInPlaceholdersOfOthers) {
  const Apart run = run_apart(
      Words{"run"} +
      file(R"("b": {"command": ["sleep", "60"], "environment": {"X": "{port}{port:admin}"}},
              "a": {"command": ["sh", "-c",
                                "echo {b.port} {b.port:admin} {b.tmpdir} $X; exec sleep 60"],
                    "environment": {"X": "{b.port}"},
                    "ready": {"output": "^{b.port} "},
                    "depends": ["b"]})") +
      Words{"::", "sh", "-c", "cat $A_STDOUT; echo $B_PORT $B_PORT_ADMIN $B_TMPDIR $B_PORT"});
  const std::size_t half = run.out.size() / 2;
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out.substr(0, half), run.out.substr(half));
}

TEST_F(ServiceFile, RefusesPlaceholdersOfAServiceThatIsNotStartedYet) {
  const Finished run = RunMirakuru(
      Words{"run"} + file(R"("a": {"command": "sleep {b.port}"}, "b": {"command": "sleep 60"})") +
      Words{"::", "true"});
  EXPECT_EQ(run.exit_code, 64);
  EXPECT_THAT(run.text, HasSubstr("{b.port}: 'b' is not started yet"));
}

TEST_F(ServiceFile, RefusesAPortThatTheOtherDoesNotHave) {
  const Finished run = RunMirakuru(Words{"run"} +
                                   file("\"a\": {" + command("a", {"{b.port:admin}"}) +
                                        R"(, "depends": ["b"]}, "b": {)" + command("b") + "}") +
                                   Words{"::", "true"});
  EXPECT_EQ(run.exit_code, 64);
  EXPECT_THAT(run.text, HasSubstr("b: {port:admin} is not used"));
  EXPECT_THAT(trace(), ElementsAre("start b", "stop b"));
}

TEST_F(ServiceFile, GoesWithServicesOfTheCommandLineAndOtherFiles) {
  WriteFile(path("other.json"), "{\"services\": {\"b\": {" + command("b") + "}}}");
  const Finished run =
      RunMirakuru(Words{"run"} + file("\"a\": {" + command("a") + "}") +
                  Words{"::", "--file=" + path("other.json"), "::"} + service("c") +
                  Words{"::", "sh", "-c", "kill -0 $A_PID && kill -0 $B_PID && kill -0 $C_PID"});
  EXPECT_EQ(run.exit_code, 0) << run.text;
}

TEST_F(ServiceFile, KeepsServicesUp) {
  up(file("\"a\": {" + command("a") + "}, \"b\": {" + command("b") + R"(, "depends": ["a"]})"));
  EXPECT_EQ(RunMirakuru({"down", "a"}).exit_code, 0);
  EXPECT_THAT(trace(), ElementsAre("start a", "start b", "stop b", "stop a"));
}

TEST_F(ServiceFile, WithoutAServiceIsAMistake) {
  const Finished run = RunMirakuru(Words{"run"} + file("") + Words{"::", "true"});
  EXPECT_EQ(run.exit_code, 64);
  EXPECT_THAT(run.text, HasSubstr("missing service"));
}

struct Mistake {
  const char* name;
  std::string text;
  std::string message;  // after the name of the file
};

void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.name; }

class ServiceFileMistake : public ServiceFile, public testing::WithParamInterface<Mistake> {};

TEST_P(ServiceFileMistake, IsToldWithItsPlaceAndIsExitCode64) {
  WriteFile(path("services.json"), GetParam().text);
  const Apart run = run_apart({"run", "--file", path("services.json"), "::", "echo", "tests"});
  EXPECT_EQ(run.exit_code, 64);
  EXPECT_EQ(run.out, "");
  EXPECT_THAT(run.err, StartsWith("mirakuru: " + path("services.json") + GetParam().message));
}

// In the third line of the file, what a service has besides its command.
Mistake In(const char* name, const std::string& third_line, const std::string& message) {
  return {name, "{\"services\": {\n\"a\": {\"command\": \"sleep 60\",\n" + third_line + "\n}}",
          message};
}

const std::vector<Mistake> kMistakes{
    {"Empty", "", ":1: "},
    {"NoJson", "services", ":1: Syntax error"},
    {"OpenEnd", "{\"services\": {\n\"a\": {\n", ":3: Missing '}'"},
    {"TrailingComma", "{\"services\": {\n\"a\": {\"command\": \"true\",}\n}}", ":2: Missing '}'"},
    {"TwoDocuments", "{\"services\": {}}\n{}", ":2: Extra non-whitespace"},
    {"Comment", "// services\n{\"services\": {}}", ":1: "},
    {"TwoOfOneName",
     "{\"services\": {\n\"a\": {\"command\": \"true\"},\n\"a\": {\"command\": \"true\"}}}",
     ":3: Duplicate key: 'a'"},
    {"TooDeep", std::string(5000, '['), ": "},
    {"List", "[]", ":1: must be an object {...}"},
    {"NoServices", "{}", ":1: missing \"services\": {...}"},
    {"OtherKey", "{\"services\": {},\n\"sevices\": {}}", ":2: sevices: unknown key"},
    {"ServicesInAList", "{\n\"services\": []}", ":2: services: must be an object {...}"},
    {"ServiceInAString", "{\"services\": {\n\"a\": \"true\"}}",
     ":2: services.a: must be an object"},
    {"NoCommand", "{\"services\": {\n\"a\": {}}}", ":2: services.a: must have either \"command\""},
    {"EmptyCommand", "{\"services\": {\n\"a\": {\"command\": []}}}", ":2: services.a: "},
    {"EmptyLine", "{\"services\": {\n\"a\": {\"command\": \"\"}}}", ":2: services.a.command: "},
    {"CommandInANumber", "{\"services\": {\n\"a\": {\"command\": 3}}}",
     ":2: services.a.command: must be a string"},
    {"WordInANumber", "{\"services\": {\"a\": {\"command\": [\"sleep\",\n60]}}}",
     ":2: services.a.command[1]: must be a string"},
    {"OpenQuote", "{\"services\": {\n\"a\": {\"command\": \"echo 'x\"}}}",
     ":2: services.a.command: command: the single quote is not closed"},
    {"ScriptInAList", "{\"services\": {\n\"a\": {\"shell\": [\"true\"]}}}",
     ":2: services.a.shell: must be a string"},
    {"BadName", "{\"services\": {\n\"a b\": {\"command\": \"true\"}}}",
     ":2: services.a b: 'a b': invalid name"},
    In("CommandAndScript", R"("shell": "true"})",
       ":2: services.a: must have either \"command\" or \"shell\""),
    In("UnknownKey", R"("timout": 3})", ":3: services.a.timout: unknown key"),
    In("ReadyInAString", R"("ready": "tcp"})", ":3: services.a.ready: must be an object"),
    In("ReadyByNothing", R"("ready": {}})", ":3: services.a.ready: missing check; use one of "),
    In("ReadyByTwo", R"("ready": {"tcp": "127.0.0.1:1", "file": "/x"}})",
       ":3: services.a.ready: has two checks"),
    In("ReadyByTheUnknown", R"("ready": {"carrier": "127.0.0.1:1"}})",
       ":3: services.a.ready.carrier: unknown key"),
    In("ReadyInANumber", R"("ready": {"tcp": 80}})", ":3: services.a.ready.tcp: must be a string"),
    In("NoAddress", R"("ready": {"tcp": "nowhere"}})",
       ":3: services.a.ready: endpoint 'nowhere': expected host:port"),
    In("NoUrl", R"("ready": {"http": "nowhere"}})", ":3: services.a.ready: "),
    In("BadExpression", "\"ready\": [{\"output\": \"x\"},\n{\"output\": \"(\"}]}",
       ":4: services.a.ready[1]: OutputCheck::banner: bad regular expression '('"),
    In("NoCheckCommand", R"("ready": {"command": []}})", ":3: services.a.ready: "),
    In("NotifyFalse", R"("ready": {"notify": false}})",
       ":3: services.a.ready.notify: must be true"),
    In("StatusOfTcp", R"("ready": {"tcp": "127.0.0.1:1", "status": 200}})",
       ":3: services.a.ready.status: is only valid with \"http\""),
    In("MethodOfTcp", R"("ready": {"tcp": "127.0.0.1:1", "method": "GET"}})",
       ":3: services.a.ready.method: is only valid with \"http\""),
    In("HugeStatus", R"("ready": {"http": "http://127.0.0.1:1/", "status": 20000000000}})",
       ":3: services.a.ready.status: must be an integer"),
    In("StatusInAList", R"("ready": {"http": "http://127.0.0.1:1/", "status": [200]}})",
       ":3: services.a.ready.status: must be a string"),
    In("TimeoutInAString", R"("timeout": "3"})", ":3: services.a.timeout: must be a number"),
    In("NegativeTimeout", R"("timeout": -3})",
       ":3: services.a.timeout: -3: invalid time in seconds"),
    In("HugeTimeout", R"("timeout": 1e300})", ":3: services.a.timeout: 1e+300: invalid time"),
    In("NoTimeAtAll", R"("timeout": 0})",
       ":3: services.a.timeout: the timeout must be greater than 0"),
    In("NegativeStopTimeout", R"("stop_timeout": -1})",
       ":3: services.a.stop_timeout: -1: invalid time"),
    In("NoSuchSignal", R"("stop_signal": "SIGNONE"})",
       ":3: services.a.stop_signal: 'SIGNONE': unknown signal"),
    In("SignalInANumber", R"("stop_signal": 2})", ":3: services.a.stop_signal: must be a string"),
    In("HalfACode", R"("expected_returncode": 1.5})",
       ":3: services.a.expected_returncode: must be an integer"),
    In("HugeCode", R"("expected_returncode": 1e30})",
       ":3: services.a.expected_returncode: must be an integer"),
    In("EnvironmentInAList", R"("environment": ["A=1"]})",
       ":3: services.a.environment: must be an object"),
    In("VariableInANumber", R"("environment": {"A": 1}})",
       ":3: services.a.environment.A: must be a string"),
    In("BadVariable", R"("environment": {"A=": "1"}})",
       ":2: services.a: a: env: 'A=' is not a variable's name"),
    In("DirectoryInANumber", R"("cwd": 3})", ":3: services.a.cwd: must be a string"),
    In("UserInANumber", R"("user": 0})", ":3: services.a.user: must be a string"),
    In("LauncherInANumber", R"("launcher": 1})", ":3: services.a.launcher: must be true or false"),
    In("DependsInAString", R"("depends": "b"})", ":3: services.a.depends: must be a list"),
    In("DependsOnNothing", R"("depends": ["b"]})",
       ":3: services.a.depends: 'a' depends on 'b', which is not defined"),
    In("DependsOnItself", R"("depends": ["a"]})",
       ":3: services.a.depends: circular dependency: a\n"),
    In("Circle", "\"depends\": [\"b\"]},\n\"b\": {\"command\": \"true\", \"depends\": [\"a\"]}",
       ":3: services.a.depends: circular dependency: a, b\n"),
};

INSTANTIATE_TEST_SUITE_P(Mistake, ServiceFileMistake, testing::ValuesIn(kMistakes),
                         [](const auto& mistake) { return std::string(mistake.param.name); });

}  // namespace
}  // namespace mirakuru::tests
