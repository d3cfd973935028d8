// Whatever the test program has open, has set or does: its services are not disturbed, nor is it by
// them; and neither sees what is the other's.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "mirakuru/mirakuru.hpp"
#include "support/child_program.hpp"
#include "support/service.hpp"

namespace mirakuru::tests {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

// --- what the service gets, and what it does not

std::string Report(const Options& options = {}) {
  SimpleExecutor executor({Service("reports_its_descriptors_and_signals")}, options);
  executor.start().wait(10s);
  std::string report = executor.output().text();
  EXPECT_THAT(report, HasSubstr("end of report"));
  return report;
}

std::vector<std::string> Lines(const std::string& text, const std::string& prefix) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    if (line.rfind(prefix, 0) == 0) lines.push_back(line);
  }
  return lines;
}

TEST(ServicesSession, IsNeitherTheTestsNorTheSupervisors) {
  const auto session = Lines(Report(), "session ");
  ASSERT_THAT(session, SizeIs(1));
  EXPECT_NE(session[0], "session " + std::to_string(getsid(0)));
}

// --- what the test program does to children, and what is done to it

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
