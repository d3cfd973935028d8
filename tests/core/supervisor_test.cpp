// The supervisor does not affect the test program's session, signals and threads. (See faults/ for
// its descriptors, children and end.)
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstddef>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "mirakuru/mirakuru.hpp"
#include "support/service.hpp"

namespace mirakuru::tests {
namespace {

using namespace std::chrono_literals;

TEST(ServicesSession, IsNeitherTheTestsNorTheSupervisors) {
  SimpleExecutor executor({Service("reports_its_descriptors_and_signals")});
  executor.start().wait(10s);
  const auto session = executor.output().match("^session ");
  ASSERT_TRUE(session);
  EXPECT_NE(*session, "session " + std::to_string(getsid(0)));
}

TEST(TestProgramsSignals, AreLeftAsTheyWere) {
  struct sigaction before {};
  sigaction(SIGCHLD, nullptr, &before);
  SimpleExecutor executor("sleep 60");
  executor.start().stop();
  struct sigaction after {};
  sigaction(SIGCHLD, nullptr, &after);
  EXPECT_EQ(before.sa_handler, after.sa_handler);
  sigset_t mask;
  sigprocmask(SIG_SETMASK, nullptr, &mask);
  EXPECT_EQ(sigismember(&mask, SIGCHLD), 0);
}

std::size_t Threads() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    ++count;
  }
  return count;
}

TEST(TestProgramsThreads, AreItsOwn) {
  const std::size_t before = Threads();
  HTTPExecutor http({Service("http_server"), "--port={port}"}, "http://localhost:{port}/");
  OutputExecutor output({Service("prints_banner")}, "ready");
  http.start();
  output.start();
  EXPECT_EQ(Threads(), before);
  http.stop();
  EXPECT_EQ(Threads(), before);
}

TEST(TestProgramsThreads, MayEachUseExecutorsOfTheirOwn) {
  std::atomic<int> good{0};
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 5; ++i) {
        OutputExecutor executor({Service("prints_banner")}, "ready");
        executor.start().stop();
        if (!executor.running()) ++good;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, 20);
}

}  // namespace
}  // namespace mirakuru::tests
