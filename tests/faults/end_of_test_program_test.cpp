// However and whenever the test program ends: nothing of its services is left.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <random>
#include <string>
#include <system_error>
#include <thread>
#include <tuple>

#include "support/environment.hpp"
#include "support/run_program.hpp"
#include "support/service.hpp"
#include "support/temp_dir.hpp"
#include "support/wait_until.hpp"
#include "test_program.hpp"

namespace mirakuru::tests {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::IsEmpty;
using testing::SizeIs;

// Alternates a process that has a child in another group, with a child in another session, and a
// daemon.
Words StartsServices(int count, const std::string& way) {
  return {"starts_services",
          "--count=" + std::to_string(count),
          "--way=" + way,
          "--",
          Service("forks_children_in_own_groups"),
          "--children=1",
          "::",
          Service("daemonizes_and_forgets_its_environment"),
          "--closes"};
}

// Either of them is enough to notice that the services are no longer needed.
const char* const kNoticing = "owner_pidfd,channel_end";

// --- however it ends

// 0 if the program ends in that way by itself.
int SignalOf(const std::string& way) {
  static const std::map<std::string, int> signals{
      {"SIGTERM", SIGTERM}, {"SIGINT", SIGINT}, {"SIGKILL", SIGKILL}};
  const auto found = signals.find(way);
  return found == signals.end() ? 0 : found->second;
}

class EndOfTheTestProgram : public testing::TestWithParam<std::tuple<std::string, int>> {};

TEST_P(EndOfTheTestProgram, LeavesNothing) {
  const std::string way = std::get<0>(GetParam());
  const int count = std::get<1>(GetParam());
  const int signal = SignalOf(way);
  ExpectProtectedBy(kNoticing, [&](const std::string& without) {
    TestProgram program(without, StartsServices(count, signal == 0 ? way : "waits"));
    EXPECT_THAT(program.wait_until_ready(), SizeIs(count));
    if (signal != 0) kill(program.pid(), signal);
    program.wait_for_end();
    return program.left();
  });
}

INSTANTIATE_TEST_SUITE_P(By, EndOfTheTestProgram,
                         testing::Combine(testing::Values("return", "exit", "_exit", "quick_exit",
                                                          "exception", "abort", "segfault",
                                                          "SIGTERM", "SIGINT", "SIGKILL"),
                                          testing::Values(1, 20, 100)));

// --- whenever it ends

// Kills test programs within 50 ms of their beginning, until one of them leaves something behind.
Words LeftByKills(int count, unsigned seed, const std::string& without) {
  std::mt19937 random(seed);
  std::uniform_int_distribution<int> microseconds(0, 50'000);
  Words left;
  for (int i = 0; i < count && left.empty(); ++i) {
    TestProgram program(without, StartsServices(20, "waits"));
    EXPECT_TRUE(program.wait_for_text("begins"));
    std::this_thread::sleep_for(std::chrono::microseconds(microseconds(random)));
    program.kill();
    program.wait_for_end();
    left = program.left();
  }
  return left;
}

class KillAtAnyMoment : public testing::TestWithParam<int> {};

TEST_P(KillAtAnyMoment, LeavesNothing) {
  const char* const given = std::getenv("SEED");
  const unsigned seed = given != nullptr ? static_cast<unsigned>(std::strtoul(given, nullptr, 10))
                                         : std::random_device()();
  std::cout << "SEED=" << seed << " repeats these moments" << std::endl;
  ExpectProtectedBy(kNoticing, [seed](const std::string& without) {
    // Without protection, only a program that was killed before it started anything leaves nothing.
    const int count = without.empty() ? 5 * TestScale() : 50;
    return LeftByKills(count, seed, without);
  });
}

INSTANTIATE_TEST_SUITE_P(Part, KillAtAnyMoment, testing::Range(0, 10));

// --- further properties

TEST(EndOfTheTestProgram, GivesServicesTheirStopSignalFirst) {
  // Returns what was not done.
  ExpectProtectedBy("stop_signal", [](const std::string& without) -> Words {
    const TempDir directory;
    const std::string script = "trap 'sleep 0.05; touch " + (directory / "orderly") +
                               "; exit 0' TERM; echo ready; while :; do sleep 0.01; done";
    TestProgram program(without, {"starts_services", "--way=waits", "--", "sh", "-c", script});
    program.wait_until_ready();
    program.kill();
    program.left(3s);
    return directory.entries().empty() ? Words{"an orderly end"} : Words{};
  });
}

// Those of its processes that hold the former stdout of the program.
Words HoldersOfOutputOf(const TestProgram& program) {
  const auto open_in = [](int pid) { return "/proc/" + std::to_string(pid) + "/fd"; };
  const fs::path output = fs::read_symlink(open_in(program.pid()) + "/1");
  Words holders;
  for (const int pid : program.all()) {
    for (const auto& fd : fs::directory_iterator(open_in(pid))) {
      std::error_code closed_meanwhile;
      if (fs::read_symlink(fd.path(), closed_meanwhile) == output) holders.push_back(fd.path());
    }
  }
  return holders;
}

TEST(EndOfTheTestProgram, DoesNotFindItsOutputHeldOpen) {
  ExpectProtectedBy("null_descriptors", [](const std::string& without) {
    TestProgram program(without, StartsServices(2, "waits"));
    program.wait_until_ready();
    return HoldersOfOutputOf(program);
  });
}

TEST(EndOfTheTestProgram, TakesItsDirectoriesAlong) {
  ExpectProtectedBy("deletion", [](const std::string& without) {
    TestProgram program(without, StartsServices(2, "waits"));
    program.wait_until_ready();
    program.kill();
    program.left();
    return program.directories();
  });
}

// The supervisor cannot even report that it is up.
TEST(EndOfTheTestProgram, AsItsSupervisorStartsTakesItsDirectoriesAlong) {
  const TempDir directory;
  const std::string to_delete = directory / "run";
  fs::create_directory(to_delete);
  int ends[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
  close(ends[0]);
  const int control = dup(ends[1]);  // without FD_CLOEXEC
  close(ends[1]);
  // Its parent only starts it.
  EXPECT_EQ(RunToTheEnd({"sh", "-c", "exec " MIRAKURU_SUPERVISOR " \"$1\" 3<&$2 4<&-", "sh",
                         to_delete, std::to_string(control)})
                .exit_code,
            0);
  close(control);
  EXPECT_TRUE(WaitUntil([&] { return !fs::exists(to_delete); }));
}

// Not protected (docs/gotchas.md): there is no supervisor yet.
TEST(EndOfTheTestProgram, BeforeItsFirstStartLeavesItsDirectories) {
  TestProgram program("", {"starts_services", "--before=_exit", "--", "true"});
  program.wait_for_end();
  EXPECT_THAT(program.left(), IsEmpty());
  EXPECT_THAT(program.directories(), SizeIs(1));
}

}  // namespace
}  // namespace mirakuru::tests
