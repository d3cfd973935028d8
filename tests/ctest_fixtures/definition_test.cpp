// What mirakuru_add_fixture() says of a service, as the service sees it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <regex>
#include <string>
#include <vector>

#include "commands.hpp"
#include "support/run_program.hpp"

namespace mirakuru::tests {
namespace {

using testing::HasSubstr;

// A command that prints what it is given, one thing a line, and goes on.
std::string Prints(const std::string& script) {
  return "sh -c [==[" + script + "; echo ready; exec " + Service("does_as_told") +
         " --never-ready]==]";
}

// What it printed, as it is kept.
std::string WhatPrinted(const ScratchProject& project) {
  return project.read("build tree/mirakuru-fixtures/service.stdout.log");
}

TEST(CtestDefinition, PassesWordsAsTheyAre) {
  const std::vector<std::string> words{"two words", " spaces around ",
                                       "",          "\"quoted\"",
                                       "it's",      "\"",
                                       "a\\b",      "ends in \\",
                                       "a;b",       ";",
                                       "a\\;b",     ";;",
                                       "[",         "]",
                                       "[a;b",      "a]",
                                       "#no",       "(x)",
                                       "$HOME",     "${PATH}",
                                       "@PATH@",    "{}",
                                       "{a.b}",     "<,>:",
                                       "tab\there", "new\nline",
                                       "\\n",       "-",
                                       "--",        "::",
                                       "\303\251",  "TRUE",
                                       "NOTFOUND",  "OR",
                                       "COMMANDS",  "0",
                                       "{{port}}",  "cr\rhere",
                                       "%s",        "*",
                                       "a\001b",    "~"};
  ScratchProject project;
  std::string commands = kMirakuru + "mirakuru_add_fixture(service COMMAND " +
                         Prints("for word; do printf \"<%s>\\n\" \"$word\"; done") + " sh";
  std::string expected;
  for (const std::string& word : words) {
    commands += "\n  [==[" + word + "]==]";
    expected += "<" + (word == "{{port}}" ? "{port}" : word) + ">\n";
  }
  commands += "\n  READY OUTPUT ^ready$)\n" + AddScript("uses_it", "service");
  const Finished ctest = project.run_ctest(commands);
  EXPECT_EQ(ctest.exit_code, 0) << ctest.text;
  EXPECT_EQ(WhatPrinted(project), expected + "ready\n");
}

TEST(CtestDefinition, FillsInPlaceholders) {
  ScratchProject project;
  const Finished ctest = project.run_ctest(
      kMirakuru + "mirakuru_add_fixture(service COMMAND " + Prints("echo \"$@\" $VALUE; pwd") +
      " sh {name} {port} {port:admin} WORKING_DIRECTORY {tmpdir} "
      "ENVIRONMENT VALUE={port:admin} READY OUTPUT ready)\n" +
      AddScript(
          "uses_it", "service",
          "echo service $SERVICE_PORT $SERVICE_PORT_ADMIN $SERVICE_PORT_ADMIN >$DIRECTORY/found; "
          "echo $SERVICE_TMPDIR >>$DIRECTORY/found; echo ready >>$DIRECTORY/found"));
  EXPECT_EQ(ctest.exit_code, 0) << ctest.text;
  EXPECT_EQ(WhatPrinted(project), project.read("found"));
}

TEST(CtestDefinition, SetsTheEnvironment) {
  ScratchProject project;
  const Finished ctest = project.run_ctest(
      kMirakuru + "mirakuru_add_fixture(service COMMAND " +
      Prints("printf \"<%s>\\n\" \"$ONE\" \"$TWO\" \"$THREE\" \"$FOUR\"") +
      " ENVIRONMENT ONE=1 [==[TWO=a=b; \"c\" \\ [d]==] THREE= \"FOUR=x y\" READY OUTPUT ready)\n" +
      AddScript("uses_it", "service"));
  EXPECT_EQ(ctest.exit_code, 0) << ctest.text;
  EXPECT_EQ(WhatPrinted(project), "<1>\n<a=b; \"c\" \\ [d>\n<>\n<x y>\nready\n");
}

TEST(CtestDefinition, SetsTheWorkingDirectory) {
  ScratchProject project;
  std::filesystem::create_directory(project / "some directory");
  const Finished ctest = project.run_ctest(
      kMirakuru + "mirakuru_add_fixture(service COMMAND " + Prints("pwd") +
      " WORKING_DIRECTORY \"$ENV{DIRECTORY}/some directory\" READY OUTPUT ready)\n" +
      AddScript("uses_it", "service"));
  EXPECT_EQ(ctest.exit_code, 0) << ctest.text;
  EXPECT_EQ(WhatPrinted(project), project / "some directory" + "\nready\n");
}

TEST(CtestDefinition, StopsByTheSignal) {
  ScratchProject project;
  const Finished ctest = project.run_ctest(kMirakuru +
                                           "mirakuru_add_fixture(service COMMAND sh -c "
                                           "[==[trap 'echo interrupted; exit 0' INT; echo ready; "
                                           "while :; do sleep 0.01; done]==] "
                                           "STOP_SIGNAL SIGINT READY OUTPUT ready)\n" +
                                           AddScript("uses_it", "service"));
  EXPECT_EQ(ctest.exit_code, 0) << ctest.text;
  EXPECT_EQ(WhatPrinted(project), "ready\ninterrupted\n");
}

// The default is 10 s.
TEST(CtestDefinition, WaitsForTheStopNoLongerThanTold) {
  ScratchProject project;
  const Finished ctest = project.run_ctest(
      kMirakuru + "mirakuru_add_fixture(service COMMAND " + Service("ignores_sigterm") +
      " STOP_TIMEOUT 0.2 READY OUTPUT ignoring)\n" + AddScript("uses_it", "service"));
  std::smatch seconds;
  ASSERT_TRUE(std::regex_search(ctest.text, seconds,
                                std::regex("mirakuru.service.down [^0-9]* ([0-9.]+) sec")))
      << ctest.text;
  EXPECT_LT(std::stod(seconds[1]), 9);
}

TEST(CtestDefinition, WaitsForReadinessNoLongerThanTold) {
  ScratchProject project;
  const Finished ctest = project.run_ctest(
      kMirakuru + AddObedient("service", "--never-ready", "READY OUTPUT ready TIMEOUT 0.2"));
  EXPECT_EQ(ctest.exit_code, 8) << ctest.text;
  EXPECT_THAT(ctest.text, HasSubstr("not ready within"));
}

// As add_test() does: wherever in the project the target is made.
TEST(CtestDefinition, TakesATargetForItsProgram) {
  const std::string target =
      "add_executable(server IMPORTED)\n"
      "set_target_properties(server PROPERTIES IMPORTED_LOCATION " +
      Service("does_as_told") + ")\n";
  const std::string fixture =
      "mirakuru_add_fixture(service COMMAND server server READY OUTPUT ready)\n";
  for (const std::string& both : {target + fixture, fixture + target}) {
    ScratchProject project;
    const Finished ctest = project.run_ctest(
        kMirakuru + both +
        AddScript("uses_it", "service",
                  "tr '\\0' ' ' </proc/$SERVICE_PID/cmdline >$DIRECTORY/command"));
    EXPECT_EQ(ctest.exit_code, 0) << ctest.text;
    EXPECT_EQ(project.read("command"), Service("does_as_told") + " server ");
  }
}

// Functions of CMake see what their caller has set.
TEST(CtestDefinition, DoesNotDependOnVariablesOfTheProject) {
  ScratchProject project;
  const Finished ctest = project.run_ctest(
      kMirakuru +
      "foreach(name count kinds key seen depends json_COMMAND json_READY json_TIMEOUT json_DEPENDS "
      "json_ENVIRONMENT what_1 options_1 option_1 after_ready i last word tests fixtures)\n"
      "  set(${name} 7)\n"
      "endforeach()\n"
      "unset(name)\n" +
      AddObedient("service") + AddScript("uses_it", "service"));
  EXPECT_EQ(ctest.exit_code, 0) << ctest.text;
}

}  // namespace
}  // namespace mirakuru::tests
