// Whatever a service does to stay alive: it ends with the test program.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <ostream>
#include <stdexcept>
#include <string>

#include "support/leftovers.hpp"
#include "support/service.hpp"
#include "support/temp_dir.hpp"
#include "support/wait_until.hpp"
#include "test_program.hpp"

namespace mirakuru::tests {
namespace {

using namespace std::chrono_literals;

Words Starts(const Words& service, const std::string& option = "--count=1") {
  Words words{"starts_services", "--way=waits", option, "--"};
  words.insert(words.end(), service.begin(), service.end());
  return words;
}

Words LeftOf(const Words& service, std::chrono::milliseconds limit, const std::string& without) {
  TestProgram program(without, Starts(service));
  program.wait_until_ready();
  program.kill();
  return program.left(limit);
}

struct Hostile {
  std::string name;
  Words service;
  std::string protection;
  std::chrono::milliseconds limit = 1s;
};

std::ostream& operator<<(std::ostream& out, const Hostile& hostile) { return out << hostile.name; }

class ServiceThat : public testing::TestWithParam<Hostile> {};

TEST_P(ServiceThat, EndsWithTheTestProgram) {
  const Hostile& hostile = GetParam();
  ExpectProtectedBy(hostile.protection, [&](const std::string& without) {
    return LeftOf(hostile.service, hostile.limit, without);
  });
}

constexpr auto kGrace = 2s;  // from the stop signal to the kill signal

INSTANTIATE_TEST_SUITE_P(
    Case, ServiceThat,
    testing::Values(
        Hostile{"IgnoresSigterm", {Service("ignores_sigterm")}, "kill_signal", kGrace + 1s},
        Hostile{"HasAChildThatIgnoresSigterm",
                {Service("leaves_a_child_behind"), "--child-ignores-sigterm"},
                "kill_signal",
                kGrace + 1s},
        Hostile{"ForksWhenItIsToStop",
                {Service("forks_when_it_is_to_stop")},
                "second_look",
                kGrace + 1s},
        // In a new session, with an empty environment and without descriptors.
        Hostile{"HasADaemon",
                {Service("daemonizes_and_forgets_its_environment"), "--closes", "--stays"},
                "subreaper"},
        Hostile{"ChangesItsProcessGroup", {Service("forks_children_in_own_groups")}, "subreaper"},
        Hostile{"ForksFromAThread", {Service("forks_from_a_thread")}, "subreaper"}),
    [](const auto& hostile) { return hostile.param.name; });

// For processes that start and end too fast to be listed: all of them hold a pipe.
class HeldPipe {
 public:
  HeldPipe() {
    if (mkfifo(path().c_str(), 0600) != 0) throw std::runtime_error("no pipe");
    end_ = open(path().c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  }
  ~HeldPipe() { close(end_); }
  HeldPipe(const HeldPipe&) = delete;
  HeldPipe& operator=(const HeldPipe&) = delete;

  std::string path() const { return directory_ / "pipe"; }

  // Whether no process holds it any more.
  bool is_free_within(std::chrono::milliseconds limit) const {
    pollfd end{end_, 0, 0};
    return poll(&end, 1, static_cast<int>(limit.count())) == 1;
  }

 private:
  TempDir directory_;
  int end_ = -1;
};

TEST(ServiceThat, LeavesAProcessBehindAndEndsStillEndsWithTheTestProgram) {
  ExpectProtectedBy("subreaper", [](const std::string& without) {
    TestProgram program(without, Starts({Service("leaves_a_child_behind"), "--after-ms=50"}));
    const int service = program.wait_until_ready().at(0);
    EXPECT_TRUE(WaitUntil([&] { return StateOf(service) == 0; })) << "its shepherd knows, too";
    program.kill();
    return program.left();
  });
}

Words LeftOfChains(int chains, const std::string& without) {
  const HeldPipe pipe;
  TestProgram program(without, Starts({Service("forks_without_end"), "--holds=" + pipe.path(),
                                       "--chains=" + std::to_string(chains)}));
  program.wait_until_ready();
  program.kill();
  const bool is_free = pipe.is_free_within(1s);
  EXPECT_TRUE(is_free || pipe.is_free_within(10s)) << "they should have ended by themselves";
  return is_free ? Words{} : Words{"some of them"};
}

TEST(ServiceThat, ForksWithoutEndEndsWithTheTestProgram) {
  ExpectProtectedBy("subreaper", [](const std::string& without) {
    Words left;
    for (int i = 0; i < 5 && left.empty(); ++i) left = LeftOfChains(8, without);
    return left;
  });
}

TEST(ServiceThat, IsStoppedEndsWithTheTestProgram) {
  // They would be killed by the kill signal, but two seconds later.
  ExpectProtectedBy("continue_signal,kill_signal", [](const std::string& without) {
    TestProgram program(without, Starts({Service("forks_children_in_own_groups")}));
    program.wait_until_ready();
    const auto services = program.services();
    for (const int pid : services) kill(pid, SIGSTOP);
    EXPECT_TRUE(WaitUntil([&] {
      return std::all_of(services.begin(), services.end(),
                         [](int pid) { return StateOf(pid) == 'T'; });
    }));
    program.kill();
    return program.left();
  });
}

std::uint64_t WrittenBy(int pid) {
  const std::string counts = ReadFile("/proc/" + std::to_string(pid) + "/io");
  const std::size_t at = counts.find("wchar: ");
  return at == std::string::npos ? 0 : std::strtoull(counts.c_str() + at + 7, nullptr, 10);
}

TEST(ServiceThat, PrintsALotFillsNoDisk) {
  ExpectProtectedBy("deletion", [](const std::string& without) {
    constexpr std::uint64_t kLimit = 1 << 20;
    TestProgram program(without, Starts({"sh", "-c", "echo ready; exec \"$0\" \"$@\"",
                                         Service("prints_megabytes"), "--mib=16"},
                                        "--log-limit=" + std::to_string(kLimit)));
    const int service = program.wait_until_ready().at(0);
    std::uint64_t most = 0;
    EXPECT_TRUE(WaitUntil([&] {
      const bool is_all = WrittenBy(service) >= 16 * kLimit;
      most = std::max(most, BytesIn(program.mirakuru_dir()));
      return is_all && most > kLimit / 2;
    }));
    return most > kLimit ? Words{std::to_string(most) + " bytes"} : Words{};
  });
}

}  // namespace
}  // namespace mirakuru::tests
