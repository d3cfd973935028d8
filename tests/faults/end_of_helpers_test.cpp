// What happens to the services when the supervisor or shepherds are killed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstddef>
#include <ostream>
#include <string>

#include "mirakuru/mirakuru.hpp"
#include "support/environment.hpp"
#include "support/leftovers.hpp"
#include "support/service.hpp"
#include "support/temp_dir.hpp"
#include "support/wait_until.hpp"
#include "test_program.hpp"

namespace mirakuru::tests {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;
using testing::Not;

// For the services of the tests themselves: without a supervisor nothing deletes its contents.
const TempDir directory;
const ScopedVariable dir("MIRAKURU_DIR", directory.path());

// Each has a child in another group, and that has a child in another session.
Words StartsServices(int count) {
  return {"starts_services",
          "--way=waits",
          "--count=" + std::to_string(count),
          "--",
          Service("forks_children_in_own_groups"),
          "--children=1"};
}

// --- the supervisor

TEST(EndOfTheSupervisor, EndsTheServices) {
  ExpectProtectedBy("lifeline", [](const std::string& without) {
    TestProgram program(without, StartsServices(5));
    kill(SupervisorOf(program.wait_until_ready().at(0)), SIGKILL);
    return program.left();
  });
}

Words LeftByTestAndSupervisor(const std::string& without) {
  TestProgram program(without, StartsServices(5));
  kill(SupervisorOf(program.wait_until_ready().at(0)), SIGKILL);
  program.kill();
  return program.left();
}

TEST(EndOfTheSupervisor, TogetherWithTheTestProgramLeavesNothing) {
  ExpectProtectedBy("owner_pidfd,channel_end,lifeline", LeftByTestAndSupervisor);
}

TEST(EndOfTheSupervisor, TogetherWithTheTestProgramIsNoticedByAnyOfThreeSigns) {
  EXPECT_THAT(LeftByTestAndSupervisor("channel_end,lifeline"), IsEmpty());
  EXPECT_THAT(LeftByTestAndSupervisor("owner_pidfd,lifeline"), IsEmpty());
  EXPECT_THAT(LeftByTestAndSupervisor("owner_pidfd,channel_end"), IsEmpty());
}

TEST(EndOfTheSupervisor, IsNoticedAndALaterStartWorksAgain) {
  SimpleExecutor executor("sleep 60");
  const int service = executor.start().pid();
  kill(SupervisorOf(service), SIGKILL);
  EXPECT_TRUE(WaitUntil([&] { return !executor.running(); }, 1s));
  EXPECT_TRUE(executor.died());
  EXPECT_TRUE(WaitUntil([&] { return !Lives(service); }, 1s));
  EXPECT_NO_THROW(executor.kill());

  EXPECT_TRUE(executor.start().running());
  SimpleExecutor another("sleep 60");
  EXPECT_TRUE(another.start().running());
}

// --- shepherds

TEST(EndOfAShepherd, EndsItsService) {
  ExpectProtectedBy("subreaper", [](const std::string& without) {
    TestProgram program(without, StartsServices(5));
    const auto services = program.wait_until_ready();
    for (const int service : services) kill(ShepherdOf(service), SIGKILL);
    return program.left_services();
  });
}

TEST(EndOfAShepherd, EndsNoOtherService) {
  const Mark mark;
  OutputExecutor one({Service("forks_children_in_own_groups"), mark.argument()}, "ready");
  SimpleExecutor other("sleep 60");
  one.start();
  other.start();
  kill(ShepherdOf(one.pid()), SIGKILL);
  EXPECT_TRUE(mark.gone_within(1s));
  EXPECT_TRUE(WaitUntil([&] { return one.died(); }, 1s));
  EXPECT_FALSE(one.running());
  EXPECT_TRUE(other.running());
  EXPECT_TRUE(Lives(other.pid()));
  EXPECT_NO_THROW(one.kill());
  EXPECT_TRUE(one.start().running());
}

// The kernel may report the end of a shepherd before its last message.
TEST(EndOfAShepherd, LosesNoneOfItsMessages) {
  const auto stops_service = [](const std::string& without) {
    TestProgram program(without, {"starts_services", "--way=stops", "--", Service("does_as_told")});
    const int status = program.wait_for_end();
    return std::to_string(status) + program.text();
  };
  EXPECT_THAT(stops_service("last_message"), testing::StartsWith("0"));
  // The control.
  EXPECT_THAT(stops_service("last_message_at_a_second_look"), testing::HasSubstr("was lost"));
}

// --- in the middle of a start

std::string EndOfStartBeside(const Words& command, const Words& options = {}) {
  Words words{"starts_beside_another"};
  words.insert(words.end(), options.begin(), options.end());
  words.push_back("--");
  words.insert(words.end(), command.begin(), command.end());
  TestProgram program("", words);
  program.wait_for_end();
  return program.text();
}

const std::string kOthersGoOn = "the other one runs\na later start works\n";

// Repeated: it is a race between the shepherd's first messages and its end.
TEST(EndOfAShepherd, ByItsOwnServiceEndsThatStartAlone) {
  for (int i = 0; i < 30; ++i) {
    const std::string text = EndOfStartBeside({"sh", "-c", "kill -9 $PPID"});
    EXPECT_THAT(text, testing::ContainsRegex("its shepherd.*, the process that watches over it, "
                                             "was killed"));
    EXPECT_THAT(text, testing::EndsWith(kOthersGoOn));
  }
}

// The control: if the supervisor itself is killed, the others end, and a new one is started.
TEST(EndOfTheSupervisor, ByAServiceEndsTheOthersToo) {
  const std::string text = EndOfStartBeside(
      {"sh", "-c", "kill -9 $(cut -d' ' -f4 /proc/$PPID/stat); sleep 60"}, {"--other-ends=yes"});
  EXPECT_THAT(text, testing::EndsWith("the other one is gone\na later start works\n")) << text;
}

const Words kSaysReady{"sh", "-c", "echo ready; sleep 60"};

struct TooMuch {
  std::string name;
  std::size_t count;
  std::size_t bytes;
};

std::ostream& operator<<(std::ostream& out, const TooMuch& too_much) {
  return out << too_much.name;
}

class ArgumentsOf : public testing::TestWithParam<TooMuch> {};

TEST_P(ArgumentsOf, AreRefusedAndTheOthersGoOn) {
  const std::string text =
      EndOfStartBeside(kSaysReady, {"--arguments=" + std::to_string(GetParam().count),
                                    "--bytes=" + std::to_string(GetParam().bytes)});
  EXPECT_THAT(text, testing::HasSubstr("/sh: Argument list too long (E2BIG)"));
  EXPECT_THAT(text, testing::HasSubstr("code: E2BIG"));
  EXPECT_THAT(text, testing::EndsWith(kOthersGoOn));
}

INSTANTIATE_TEST_SUITE_P(Case, ArgumentsOf,
                         testing::Values(TooMuch{"MoreThanTheProtocolTakes", 800, 100'000},
                                         TooMuch{"OneOverItsLimit", 1, 200'000},
                                         TooMuch{"MoreThanTheStackLimitAllows", 100, 100'000}),
                         [](const auto& too_much) { return too_much.param.name; });

// The control: the size is the reason.
TEST(Arguments, ThatAreNotTooMuchArePassedOn) {
  const std::string text = EndOfStartBeside(kSaysReady, {"--arguments=5", "--bytes=100000"});
  EXPECT_EQ(text, "ready\n" + kOthersGoOn);
}

// --- not protected (docs/gotchas.md)

// Kills both before either can notice the other's end; returns the pid of the main process.
int KillSupervisorAndShepherd(TestProgram& program) {
  const int service = program.wait_until_ready().at(0);
  const int shepherd = ShepherdOf(service);
  const int supervisor = SupervisorOf(service);
  kill(supervisor, SIGSTOP);
  EXPECT_TRUE(WaitUntil([&] { return StateOf(supervisor) == 'T'; }));
  kill(shepherd, SIGKILL);
  kill(supervisor, SIGKILL);
  return service;
}

TEST(SupervisorAndShepherdAtOnce, LeaveWhatTheServiceHasStarted) {
  TestProgram program("", StartsServices(1));
  KillSupervisorAndShepherd(program);
  EXPECT_THAT(program.left_services(), Not(IsEmpty()));
}

TEST(SupervisorAndShepherdAtOnce, LeaveNoMainProcess) {
  ExpectProtectedBy("parent_death_signal", [](const std::string& without) {
    TestProgram program(without, StartsServices(1));
    const int service = KillSupervisorAndShepherd(program);
    const bool ends = WaitUntil([&] { return !Lives(service); }, 1s);
    return ends ? Words{} : Words{"the main process"};
  });
}

TEST(EndOfTheSupervisor, LeavesDirectories) {
  TestProgram program("", StartsServices(1));
  kill(SupervisorOf(program.wait_until_ready().at(0)), SIGKILL);
  program.kill();
  EXPECT_THAT(program.left(), IsEmpty());
  EXPECT_THAT(program.directories(), Not(IsEmpty()));
}

}  // namespace
}  // namespace mirakuru::tests
