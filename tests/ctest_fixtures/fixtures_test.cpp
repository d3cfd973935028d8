// Fixtures that tests of any language share.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <string>

#include "commands.hpp"
#include "real_services/programs.hpp"
#include "support/missing.hpp"
#include "support/run_program.hpp"
#include "support/text.hpp"

namespace mirakuru::tests {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;

TEST(CtestFixture, ServesATest) {
  ScratchProject project;
  const Finished ctest = project.run_ctest(kMirakuru + AddObedient("worker") +
                                           AddScript("uses_it", "worker", "kill -0 $WORKER_PID"));
  EXPECT_EQ(ctest.exit_code, 0) << ctest.text;
  EXPECT_THAT(project.trace(), ContainsRegex("start worker [0-9]+\nstop worker [0-9]+\n"));
}

TEST(CtestFixture, IsSharedByTestsOfAllKinds) {
  const std::string missing =
      WhatIsMissing({{"redis-server", "redis-server"}, {"redis-cli", "redis-tools"}});
  if (!missing.empty() && MissingIsAllowed()) GTEST_SKIP() << missing;
  ASSERT_EQ(missing, "");
  ScratchProject project;
  std::string commands =
      kMirakuru + "mirakuru_add_fixture(redis COMMAND " + FindProgram("redis-server") +
      " --port {port} --bind 127.0.0.1 --dir {tmpdir} --save \"\" READY TCP 127.0.0.1:{port})\n" +
      AddProgram("googletest_tests") +
      "add_test(NAME googletest COMMAND googletest_tests --gtest_filter=Redis.Serves)\n"
      "mirakuru_use_fixtures(googletest redis)\n" +
      AddScript("shell", "redis",
                "echo $REDIS_PID $(redis-cli -p $REDIS_PORT INCR visits) >>$TRACE");
  int visits = 2;
#ifdef MIRAKURU_CATCH2_DIR
  commands += AddProgram("catch2_tests") +
              "add_test(NAME catch2 COMMAND catch2_tests \"redis serves\")\n"
              "mirakuru_use_fixtures(catch2 redis)\n";
  visits = 3;
#endif
  const Finished ctest = project.run_ctest(commands);
  EXPECT_EQ(ctest.exit_code, 0) << ctest.text;
  const std::string pid = project.trace().substr(0, project.trace().find(' '));
  std::string same_redis;
  for (int visit = 1; visit <= visits; ++visit) {
    same_redis += pid + " " + std::to_string(visit) + "\n";
  }
  EXPECT_EQ(project.trace(), same_redis);
  EXPECT_FALSE(Lives(std::stoi(pid)));
}

TEST(CtestFixture, TellsWhyItIsNotReady) {
  ScratchProject project;
  const Finished ctest =
      project.run_ctest(kMirakuru + "mirakuru_add_fixture(worker COMMAND " + Service("exits_with") +
                        " --code=3 \"--err=the disk is full\" READY OUTPUT ready)\n" +
                        AddScript("uses_it", "worker"));
  EXPECT_EQ(ctest.exit_code, 8) << ctest.text;
  EXPECT_THAT(ctest.text,
              AllOf(ContainsRegex("mirakuru.worker.up \\.*\\*+Failed"),
                    HasSubstr("worker: ended before it was ready: exited with 3"),
                    HasSubstr("the disk is full"), ContainsRegex("uses_it \\.*\\*+Not Run"),
                    ContainsRegex("mirakuru.worker.down \\.* +Passed")));
}

TEST(CtestFixture, IsStartedIfAChosenTestNeedsIt) {
  ScratchProject project;
  project.build(kMirakuru + AddObedient("store") +
                AddObedient("api", "", "READY OUTPUT ready DEPENDS store") + AddObedient("other") +
                AddScript("uses_api", "api") + AddScript("uses_other", "other"));
  const Finished ctest = project.ctest({"-R", "uses_api"});
  EXPECT_EQ(ctest.exit_code, 0) << ctest.text;
  EXPECT_THAT(project.trace(), ContainsRegex("^start store [0-9]+\nstart api [0-9]+\n"
                                             "stop api [0-9]+\nstop store [0-9]+\n$"));
}

// Each of them gets ready when the other one has been started.
TEST(CtestFixture, IsStartedConcurrentlyWithOthers) {
  ScratchProject project;
  project.build(
      kMirakuru +
      AddObedient("left", "--makes=$ENV{DIRECTORY}/left --after-file=$ENV{DIRECTORY}/right") +
      AddObedient("right", "--makes=$ENV{DIRECTORY}/right --after-file=$ENV{DIRECTORY}/left") +
      AddScript("uses_left", "left") + AddScript("uses_right", "right") +
      "add_test(NAME uses_both COMMAND mirakuru::command exec left right -- sh -c "
      "[[kill -0 $LEFT_PID && kill -0 $RIGHT_PID]])\n"
      "mirakuru_use_fixtures(uses_both left right)\n");
  const Finished ctest = project.ctest({"-j8"});
  EXPECT_EQ(ctest.exit_code, 0) << ctest.text;
  EXPECT_EQ(Count(project.trace(), "start left"), 1) << project.trace();
  EXPECT_EQ(Count(project.trace(), "start right"), 1) << project.trace();
}

TEST(CtestFixture, FindsWhatItDependsOn) {
  ScratchProject project;
  const Finished ctest = project.run_ctest(
      kMirakuru + AddObedient("store", "--ports={port}:{port:admin} --makes={tmpdir}/made") +
      "mirakuru_add_fixture(api DEPENDS store COMMAND " + Service("does_as_told") +
      " --name={name}:{store.port}:{store.port:admin} --trace=$ENV{TRACE} READY COMMAND "
      "test -e {store.tmpdir}/made)\n"
      "add_test(NAME uses_both COMMAND mirakuru::command exec store api -- sh -c "
      "[[echo api:$STORE_PORT:$STORE_PORT_ADMIN >>$TRACE]])\n"
      "mirakuru_use_fixtures(uses_both store api)\n");
  EXPECT_EQ(ctest.exit_code, 0) << ctest.text;
  const std::regex found("[^]*start (api:[0-9]+:[0-9]+) [^]*\n\\1\n[^]*");
  EXPECT_TRUE(std::regex_match(project.trace(), found)) << project.trace();
}

TEST(CtestFixture, LeavesOtherBracesAlone) {
  ScratchProject project;
  const Finished ctest = project.run_ctest(
      kMirakuru + AddObedient("store") + "mirakuru_add_fixture(api DEPENDS store COMMAND " +
      Service("does_as_told") +
      " {store.prot} {store.name} {nobody.port} {print.$1} READY OUTPUT ready)\n" +
      AddScript("uses_api", "api", "tr '\\0' ' ' </proc/$API_PID/cmdline >$DIRECTORY/command"));
  EXPECT_EQ(ctest.exit_code, 0) << ctest.text;
  EXPECT_EQ(project.read("command"),
            Service("does_as_told") + " {store.prot} {store.name} {nobody.port} {print.$1} ");
}

TEST(CtestFixture, IsStoppedBeforeWhatItDependsOn) {
  ScratchProject project;
  const Finished ctest =
      project.run_ctest(kMirakuru + AddObedient("store") +
                        AddObedient("queue", "", "READY OUTPUT ready DEPENDS store") +
                        AddObedient("api", "", "DEPENDS queue store READY OUTPUT ready") +
                        AddScript("uses_api", "api"));
  EXPECT_EQ(ctest.exit_code, 0) << ctest.text;
  EXPECT_THAT(project.trace(),
              ContainsRegex("^start store [0-9]+\nstart queue [0-9]+\nstart api [0-9]+\n"
                            "stop api [0-9]+\nstop queue [0-9]+\nstop store [0-9]+\n$"));
}

TEST(CtestFixture, OfTwoBuildTreesDoNotMeet) {
  ScratchProject one;
  ScratchProject two;
  for (ScratchProject* project : {&one, &two}) {
    project->build(kMirakuru + AddObedient("worker") + AddBlocked("worker", "WORKER_PID"));
  }
  BlockedCtest in_one(one);
  BlockedCtest in_two(two);
  EXPECT_THAT(one.trace(), HasSubstr("start worker " + std::to_string(in_one.pid()) + "\n"));
  EXPECT_THAT(two.trace(), HasSubstr("start worker " + std::to_string(in_two.pid()) + "\n"));
  in_one.go_on();
  EXPECT_EQ(in_one.ctest().wait_for_end(), 0) << in_one.ctest().text();
  EXPECT_FALSE(Lives(in_one.pid()));
  EXPECT_TRUE(Lives(in_two.pid()));
  in_two.go_on();
  EXPECT_EQ(in_two.ctest().wait_for_end(), 0) << in_two.ctest().text();
}

TEST(CtestFixture, IsLeftAloneByAnotherCtest) {
  ScratchProject project;
  project.build(kMirakuru + AddObedient("worker") + AddBlocked("worker", "WORKER_PID"));
  BlockedCtest first(project);
  const Finished second = project.ctest();
  EXPECT_EQ(second.exit_code, 8);
  EXPECT_THAT(second.text,
              HasSubstr("worker is already running (pid " + std::to_string(first.pid())));
  EXPECT_TRUE(Lives(first.pid()));
  first.go_on();
  EXPECT_EQ(first.ctest().wait_for_end(), 0) << first.ctest().text();
}

// ctest repeats setups, too, before it comes to the tests.
TEST(CtestFixture, SurvivesThatTestsAreRepeated) {
  ScratchProject project;
  project.build(kMirakuru + AddObedient("worker") +
                AddScript("uses_it", "worker", "echo test >>$TRACE"));
  const Finished ctest = project.ctest({"--repeat", "until-fail:3"});
  EXPECT_EQ(ctest.exit_code, 0) << ctest.text;
  EXPECT_THAT(project.trace(), ContainsRegex("^start worker [0-9]+\n(test\n)(test\n)(test\n)"
                                             "stop worker [0-9]+\n$"));
}

TEST(CtestFixture, OfSeveralConfigurations) {
  ScratchProject project{"C"};
  project.write("server.c",
                "#include <stdio.h>\n#include <unistd.h>\nint main() { puts(NAME); "
                "fflush(stdout); pause(); }\n");
  project.build(kMirakuru +
                    "add_executable(server server.c)\n"
                    "target_compile_definitions(server PRIVATE NAME=\"$<CONFIG>\")\n"
                    "mirakuru_add_fixture(server COMMAND server READY OUTPUT ^Debug$)\n" +
                    AddScript("uses_it", "server"),
                {{"CMAKE_GENERATOR", "Ninja Multi-Config"}});
  const Finished ctest = project.ctest({"-C", "Debug"});
  EXPECT_EQ(ctest.exit_code, 0) << ctest.text;
}

}  // namespace
}  // namespace mirakuru::tests
