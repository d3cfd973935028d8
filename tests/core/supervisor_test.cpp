// Whatever becomes of the test program, nothing of its services stays; whatever becomes of the
// services, the test program is not disturbed; and neither sees what is the other's.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "mirakuru/mirakuru.hpp"
#include "support/child_program.hpp"
#include "support/environment.hpp"
#include "support/leftovers.hpp"
#include "support/program.hpp"
#include "support/service.hpp"
#include "support/temp_dir.hpp"
#include "support/wait_until.hpp"

namespace mirakuru::tests {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

// --- the end of the test program

// 5 processes of one service, the daemon of another, and the program itself.
constexpr std::size_t kAll = 7;

class TestProgram : public ChildProgram {
 public:
  explicit TestProgram(const Mark& mark, const std::string& way, const std::string& more = "true")
      : ChildProgram({Program("ends_somehow"), "--way=" + way, mark.argument(), "--more=" + more}) {
  }

  // Returns the pid of a service's main process.
  int wait_until_ready() {
    EXPECT_TRUE(wait_for_text(" \n")) << text();
    const auto at = text().find("ready ");
    return at == std::string::npos ? 0 : std::atoi(text().c_str() + at + 6);
  }
};

int SupervisorOf(int main_process) { return ParentOf(ParentOf(main_process)); }

class EndOfTheTestProgram : public testing::TestWithParam<const char*> {};

TEST_P(EndOfTheTestProgram, EndsEverythingThatItStarted) {
  const Mark mark;
  TestProgram program(mark, GetParam());
  program.wait_until_ready();
  program.wait_for_end();
  EXPECT_TRUE(mark.gone_within(1s)) << mark.bearers().size() << " left";
}

INSTANTIATE_TEST_SUITE_P(By, EndOfTheTestProgram,
                         testing::Values("return", "exit", "_exit", "quick_exit", "abort",
                                         "exception", "segfault"),
                         [](const auto& way) {
                           const std::string name = way.param;
                           return name == "_exit" ? std::string("underscore_exit") : name;
                         });

// The control of all of these: while the program lives, so do they.
TEST(EndOfTheTestProgram, IsWhatEndsThem) {
  const Mark mark;
  TestProgram program(mark, "waits");
  program.wait_until_ready();
  EXPECT_THAT(mark.bearers(), SizeIs(kAll));
  EXPECT_FALSE(mark.gone_within(100ms));
  program.kill();
  EXPECT_TRUE(mark.gone_within(1s));
}

TEST(EndOfTheTestProgram, MayComeBySigkillAtAnyMoment) {
  const Mark mark;
  for (int i = 0; i < 15; ++i) {
    TestProgram program(mark, "waits");
    std::this_thread::sleep_for(i * 2ms);  // wherever that is
    program.kill();
    program.wait_for_end();
    ASSERT_TRUE(mark.gone_within(3s)) << "killed after " << i * 2 << " ms";
  }
}

TEST(EndOfTheTestProgram, MayBeAnExec) {
  const Mark mark;
  TestProgram program(mark, "exec");
  program.wait_until_ready();
  EXPECT_TRUE(mark.gone_within(2s));
  EXPECT_TRUE(Lives(program.pid())) << "it is another program now";
}

TEST(EndOfTheTestProgram, GivesServicesTheirStopSignalFirst) {
  const Mark mark;
  const TempDir folder;
  const std::string script = "trap 'sleep 0.05; touch " + (folder / "orderly") +
                             "; exit 0' TERM; touch " + (folder / "ready") +
                             "; while :; do sleep 0.01; done";
  TestProgram program(mark, "waits", script);
  program.wait_until_ready();
  ASSERT_TRUE(WaitUntil([&] { return std::filesystem::exists(folder / "ready"); }));
  program.kill();
  EXPECT_TRUE(WaitUntil([&] { return std::filesystem::exists(folder / "orderly"); }, 2s));
}

TEST(EndOfTheTestProgram, EndsWhatIgnoresItsStopSignalAfterAGrace) {
  const Mark mark;
  const Mark stubborn;
  const std::string script = "exec " + Service("ignores_sigterm") + " " + stubborn.argument();
  TestProgram program(mark, "waits", script);
  program.wait_until_ready();
  ASSERT_TRUE(WaitUntil([&] { return stubborn.bearers().size() == 2; }));  // the program is one
  program.kill();
  EXPECT_TRUE(stubborn.gone_within(4s)) << "2 s of grace, then the kill signal";
}

TEST(EndOfTheTestProgram, DoesNotFindItsOutputHeldOpen) {
  const Mark mark;
  TestProgram program(mark, "waits");
  const int service = program.wait_until_ready();
  const std::string output =
      std::filesystem::read_symlink("/proc/" + std::to_string(program.pid()) + "/fd/1").string();
  for (int pid = service; pid > 1; pid = ParentOf(pid)) {
    for (const auto& fd :
         std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/fd")) {
      EXPECT_NE(std::filesystem::read_symlink(fd.path()).string(), output) << pid << " " << fd;
    }
    if (pid == SupervisorOf(service)) break;
  }
}

TEST(EndOfTheTestProgram, TakesItsFoldersAlong) {
  const TempDir folder;
  const ScopedVariable dir("MIRAKURU_DIR", folder.path());
  for (const char* way : {"return", "waits"}) {
    const Mark mark;
    TestProgram program(mark, way);
    program.wait_until_ready();
    if (std::string(way) == "waits") {
      EXPECT_THAT(folder.entries(), SizeIs(1)) << "there was something to delete";
    }
    program.kill();
    program.wait_for_end();
    EXPECT_TRUE(WaitUntil([&] { return folder.entries().empty(); }, 3s)) << way;
  }
}

// --- the end of the supervisor and of shepherds

// Where nobody is left who would delete the folders of a test program, they lie in one of ours.
class EndOfTheSupervisor : public testing::Test {
 private:
  const TempDir folder_;
  const ScopedVariable dir_{"MIRAKURU_DIR", folder_.path()};
};

TEST_F(EndOfTheSupervisor, EndsTheServices) {
  const Mark mark;
  TestProgram program(mark, "waits");
  const int supervisor = SupervisorOf(program.wait_until_ready());
  ASSERT_GT(supervisor, 1);
  kill(supervisor, SIGKILL);
  EXPECT_TRUE(WaitUntil([&] { return mark.bearers() == std::vector<int>{program.pid()}; }, 1s));
  program.kill();
}

TEST_F(EndOfTheSupervisor, TogetherWithTheTestProgramLeavesNothing) {
  const Mark mark;
  TestProgram program(mark, "waits");
  const int supervisor = SupervisorOf(program.wait_until_ready());
  kill(supervisor, SIGKILL);
  program.kill();
  EXPECT_TRUE(mark.gone_within(1s));
}

TEST_F(EndOfTheSupervisor, IsNoticedAndALaterStartWorksAgain) {
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

TEST(EndOfAShepherd, EndsItsServiceAndNoOther) {
  const Mark mark;
  OutputExecutor one({Service("forks_children_in_own_groups"), mark.argument()}, "ready");
  SimpleExecutor other("sleep 60");
  one.start();
  other.start();
  kill(ParentOf(one.pid()), SIGKILL);
  EXPECT_TRUE(mark.gone_within(1s));
  EXPECT_TRUE(WaitUntil([&] { return one.died(); }, 1s));
  EXPECT_FALSE(one.running());
  EXPECT_TRUE(other.running());
  EXPECT_NO_THROW(one.kill());
  EXPECT_TRUE(one.start().running());
}

// --- copies of the test program

// A static executor, as test programs have them: its destructor runs in every copy that exits.
SimpleExecutor& StaticService() {
  static SimpleExecutor service("sleep 60");
  return service;
}

TEST(ForkedCopy, DoesNotStopItsParentsServicesWhenItExits) {
  const int pid = StaticService().start().pid();
  EXPECT_EXIT(std::exit(0), testing::ExitedWithCode(0), "");
  EXPECT_TRUE(StaticService().running());
  EXPECT_TRUE(Lives(pid));
  StaticService().stop();
}

TEST(ForkedCopy, CannotStopItsParentsServices) {
  SimpleExecutor service("sleep 60");
  const int pid = service.start().pid();
  for (const auto action : {+[](SimpleExecutor& executor) { executor.stop(); },
                            +[](SimpleExecutor& executor) { executor.kill(); },
                            +[](SimpleExecutor& executor) { executor.~SimpleExecutor(); }}) {
    const pid_t copy = fork();
    if (copy == 0) {
      try {
        action(service);
      } catch (...) {
        // An error is one way to refuse.
      }
      _exit(0);
    }
    int status = 0;
    waitpid(copy, &status, 0);
    EXPECT_TRUE(WIFEXITED(status)) << status;
    EXPECT_TRUE(service.running());
    EXPECT_TRUE(Lives(pid));
  }
  EXPECT_NO_THROW(service.stop());
  EXPECT_FALSE(Lives(pid));
}

TEST(ForkedCopy, CanStartServicesOfItsOwn) {
  SimpleExecutor service("sleep 60");
  service.start();
  const Mark mark;
  const pid_t copy = fork();
  if (copy == 0) {
    SimpleExecutor own({Service("ignores_sigterm"), mark.argument()}, {.stop_timeout = 0ms});
    own.start();
    const bool runs = own.running() && mark.bearers().size() == 1;
    own.kill();
    _exit(runs ? 0 : 1);
  }
  int status = 0;
  waitpid(copy, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_THAT(mark.bearers(), IsEmpty());
  EXPECT_TRUE(service.running());
}

TEST(ForkedCopy, KeepsNothingAliveThatItsParentStarted) {
  const Mark mark;
  const TempDir folder;
  // The copy holds all descriptors of its parent and lives on.
  const pid_t parent = fork();
  if (parent == 0) {
    SimpleExecutor service({Service("ignores_sigterm"), mark.argument()}, {.stop_timeout = 0ms});
    service.start();
    const pid_t copy = fork();
    if (copy == 0) {
      while (true) pause();
    }
    WriteFile(folder / "copy", std::to_string(copy));
    kill(getpid(), SIGKILL);
  }
  waitpid(parent, nullptr, 0);
  const int copy = std::atoi(ReadFile(folder / "copy").c_str());
  EXPECT_TRUE(mark.gone_within(4s));
  EXPECT_TRUE(Lives(copy));
  kill(copy, SIGKILL);
}

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

TEST(TestProgramsThreads, MayEndWithoutTakingTheServicesAlong) {
  SimpleExecutor executor("sleep 60");
  std::thread([&] { executor.start(); }).join();
  SimpleExecutor later("true");
  later.start().wait(10s);
  EXPECT_TRUE(executor.running());
  EXPECT_TRUE(Lives(executor.pid()));
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
