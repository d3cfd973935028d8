// Many services that are started at once need neither more descriptors than those that run, nor
// more room for requests than the supervisor has.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <thread>
#include <vector>

#include "mirakuru/mirakuru.hpp"
#include "support/leftovers.hpp"
#include "support/sanitizers.hpp"
#include "support/thrown.hpp"
#include "support/wait_until.hpp"
#include "test_program.hpp"

namespace mirakuru::tests {
namespace {

class Services {
 public:
  explicit Services(int count) {
    for (int i = 0; i < count; ++i) {
      services_.push_back(std::make_unique<SimpleExecutor>("sleep 60"));
    }
  }

  void start() {
    std::vector<SimpleExecutor*> all;
    for (const auto& service : services_) all.push_back(service.get());
    start_together(all);
  }
  bool run() const {
    return std::all_of(services_.begin(), services_.end(),
                       [](const auto& service) { return service->running(); });
  }

 private:
  std::vector<std::unique_ptr<SimpleExecutor>> services_;
};

class FewDescriptors : public testing::Test {
 protected:
  void SetUp() override { getrlimit(RLIMIT_NOFILE, &before_); }
  void TearDown() override { setrlimit(RLIMIT_NOFILE, &before_); }
  void limit_to(rlim_t count) const {
    const rlimit limit{count, before_.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
  }

 private:
  rlimit before_{};
};

TEST_F(FewDescriptors, AreEnoughForAllThatRun) {
  Services services(100);
  limit_to(600);
  services.start();
  EXPECT_TRUE(services.run());
}

// The control.
TEST_F(FewDescriptors, CanBeTooFew) {
  if (kSanitized) GTEST_SKIP() << "the sanitizer needs descriptors, too";
  Services services(100);
  limit_to(100);
  EXPECT_THROW(services.start(), StartError);
}

bool OtherThreadsSleep() {
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    const int thread = std::atoi(task.path().filename().c_str());
    if (thread != gettid() && StateOf(thread) != 'S') return false;
  }
  return true;
}

TEST(BusySupervisor, TakesAllRequestsInTheEnd) {
  SimpleExecutor first("sleep 60");
  const int supervisor = SupervisorOf(first.start().pid());
  // It has room for fewer requests than all of these together.
  constexpr int kThreads = 50;
  std::vector<std::unique_ptr<Services>> services;
  services.reserve(kThreads);
  for (int i = 0; i < kThreads; ++i) services.push_back(std::make_unique<Services>(8));
  kill(supervisor, SIGSTOP);
  ASSERT_TRUE(WaitUntil([&] { return StateOf(supervisor) == 'T'; }));
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (const auto& some : services) threads.emplace_back([&some] { some->start(); });
  EXPECT_TRUE(WaitUntil(OtherThreadsSleep)) << "all of them wait for the supervisor";
  kill(supervisor, SIGCONT);
  for (std::thread& thread : threads) thread.join();
  for (const auto& some : services) EXPECT_TRUE(some->run());
}

}  // namespace
}  // namespace mirakuru::tests
