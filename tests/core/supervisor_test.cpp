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

// The report of a program that the test starts without mirakuru.
std::string PlainReport() {
  ChildProgram program({Service("reports_its_descriptors_and_signals")});
  program.wait_for_end();
  return program.text();
}

TEST(ServicesDescriptors, AreItsThreeStreamsWhateverTheTestHasOpen) {
  std::vector<int> open;  // none of them closes on exec
  open.reserve(21);
  for (int i = 0; i < 20; ++i) open.push_back(::open("/dev/zero", O_RDONLY));
  open.push_back(dup2(open[0], 500));
  ASSERT_EQ(open.back(), 500);
  EXPECT_GT(Lines(PlainReport(), "descriptor ").size(), open.size()) << "others do inherit them";
  SimpleExecutor other("sleep 60");  // the descriptors of another executor are none of its own
  other.start();
  const auto descriptors = Lines(Report(), "descriptor ");
  EXPECT_THAT(descriptors, SizeIs(3)) << testing::PrintToString(descriptors);
  for (const int fd : open) close(fd);
}

TEST(ServicesDescriptors, AreTheSameThroughATerminal) {
  EXPECT_THAT(Lines(Report({.std_out = Stream::terminal()}), "descriptor "), SizeIs(3));
}

TEST(OurDescriptors, DoNotReachWhatOthersStart) {
  const auto before = Lines(PlainReport(), "descriptor ");
  TCPExecutor tcp({Service("listens_on_port"), "--port={port}"}, "127.0.0.1:{port}");
  OutputExecutor terminal({Service("buffers_stdout_unless_a_terminal")}, "ready",
                          {.std_out = Stream::terminal()});
  Executor notified({Service("notifies_ready")}, NotifyCheck{});
  tcp.start();
  terminal.start();
  notified.start();
  EXPECT_THAT(Lines(PlainReport(), "descriptor "), SizeIs(before.size()));
}

struct SignalsAsFound {
  SignalsAsFound() { sigprocmask(SIG_SETMASK, nullptr, &mask); }
  ~SignalsAsFound() {
    std::signal(SIGPIPE, SIG_DFL);
    std::signal(SIGCHLD, SIG_DFL);
    std::signal(SIGHUP, SIG_DFL);
    sigprocmask(SIG_SETMASK, &mask, nullptr);
  }
  sigset_t mask;
};

TEST(ServicesSignals, AreCleanWhateverTheTestDoesToItsOwn) {
  const SignalsAsFound restore;
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, nullptr);
  for (const int signal : {SIGPIPE, SIGCHLD, SIGHUP}) std::signal(signal, SIG_IGN);
  EXPECT_THAT(PlainReport(), Not(HasSubstr("SigBlk:\t0000000000000000")))
      << "or there is nothing to clean";

  const std::string report = Report();
  EXPECT_THAT(report, HasSubstr("SigBlk:\t0000000000000000"));
  EXPECT_THAT(report, HasSubstr("SigIgn:\t0000000000000000"));
}

TEST(ServicesSession, IsNeitherTheTestsNorTheSupervisors) {
  const auto session = Lines(Report(), "session ");
  ASSERT_THAT(session, SizeIs(1));
  EXPECT_NE(session[0], "session " + std::to_string(getsid(0)));
}

// --- what the test program does to children, and what is done to it

TEST(TestProgramsChildren, DoNotIncludeOurs) {
  SimpleExecutor executor("sleep 60");
  executor.start();
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD) << "a loop of wait() would never end";
}

TEST(TestProgramsChildren, CanBeIgnoredWithoutLosingAStatus) {
  const SignalsAsFound restore;
  std::signal(SIGCHLD, SIG_IGN);
  SimpleExecutor executor({Service("exits_with"), "--code=7"});
  EXPECT_EQ(executor.start().wait(10s).code(), 7);
}

TEST(TestProgramsChildren, CanBeReapedByAThreadWithoutLosingAStatus) {
  std::atomic<bool> done{false};
  std::thread reaper([&] {
    while (!done) {
      waitpid(-1, nullptr, WNOHANG);
      std::this_thread::yield();
    }
  });
  for (int i = 0; i < 10; ++i) {
    SimpleExecutor executor({Service("exits_with"), "--code=7"});
    EXPECT_EQ(executor.start().wait(10s).code(), 7);
  }
  done = true;
  reaper.join();
}

TEST(TestProgramsChildren, AreNotTakenFromIt) {
  SimpleExecutor executor("sleep 60");
  executor.start();
  const pid_t child = fork();
  if (child == 0) _exit(5);
  executor.stop();
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 5);
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
