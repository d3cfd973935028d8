// Many programs that all need many free ports at the same time, and one that takes every port that
// it can get.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "faults/under.hpp"
#include "mirakuru/mirakuru.hpp"
#include "support/child_program.hpp"
#include "support/service.hpp"
#include "support/sockets.hpp"
#include "support/temp_dir.hpp"
#include "support/text.hpp"
#include "support/wait_until.hpp"

namespace mirakuru::tests {
namespace {

using namespace std::chrono_literals;

// Takes a free port every millisecond, listens on it, and keeps it for a while.
class Grabber {
 public:
  Grabber() = default;
  ~Grabber() {
    done_ = true;
    grabs_.join();
  }
  Grabber(const Grabber&) = delete;
  Grabber& operator=(const Grabber&) = delete;

 private:
  static constexpr std::size_t kKept = 200;

  std::atomic<bool> done_{false};
  std::thread grabs_{[this] {
    std::deque<Socket> grabbed;
    while (!done_) {
      grabbed.push_back(Listener());
      if (grabbed.size() > kKept) grabbed.pop_front();
      std::this_thread::sleep_for(1ms);
    }
  }};
};

// The output of several programs starts_on_free_ports that run together with a grabber.
struct Outcome {
  Outcome(int programs, int services, const std::string& by) {
    const TempDir directory;
    const Grabber grabber;
    std::vector<std::unique_ptr<ChildProgram>> running;
    running.reserve(static_cast<std::size_t>(programs));
    for (int i = 0; i < programs; ++i) {
      running.push_back(std::make_unique<ChildProgram>(std::vector<std::string>{
          FaultProgram("starts_on_free_ports"), "--by=" + by, "--count=" + std::to_string(services),
          "--start=" + (directory / "start"), "--stop=" + (directory / "stop")}));
    }
    for (const auto& program : running) wait_for(*program, "chosen\n");
    WriteFile(directory / "start", "");
    for (const auto& program : running) wait_for(*program, "started\n");
    WriteFile(directory / "stop", "");
    for (const auto& program : running) {
      EXPECT_EQ(program->wait_for_end(), 0);
      text += program->text();
    }
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      if (line.rfind("port ", 0) == 0) ports.insert(line);
    }
  }

  int collisions() const { return Count(text, "collision "); }
  int falsely_ready() const { return Count(text, "falsely ready "); }

  std::string text;
  std::set<std::string> ports;

 private:
  // For longer than a program usually takes.
  static void wait_for(ChildProgram& program, const std::string& wanted) {
    EXPECT_TRUE(WaitUntil([&] { return program.wait_for_text(wanted); }, 100s)) << program.text();
  }
};

TEST(SixteenPrograms, HaveNoCollision) {
  const Outcome outcome(16, 150, "holding");
  EXPECT_EQ(outcome.ports.size(), 16U * 150);
  EXPECT_EQ(outcome.collisions(), 0) << outcome.text;
  EXPECT_EQ(outcome.falsely_ready(), 0) << outcome.text;
}

TEST(SixteenPrograms, CollideIfPortsAreNotHeld) {
  const Outcome outcome(16, 40, "asking");
  EXPECT_LT(outcome.ports.size(), 16U * 40);
  EXPECT_GT(outcome.collisions(), 0) << outcome.text;
  EXPECT_EQ(outcome.falsely_ready(), 0) << outcome.text;
}

// --- a foreign process on the port

// A service that does not listen; and a process that wants its port as soon as it has been started.
class ServiceOnContestedPort : public TCPExecutor {
 public:
  explicit ServiceOnContestedPort(bool verify_listener = true)
      : TCPExecutor({Service("listens_on_port"), "--after-file=/is/not/there", "--port={port}"},
                    "127.0.0.1:{port}",
                    {.start_timeout = 200ms, .verify_listener = verify_listener}) {}

  // Programs that set SO_REUSEADDR can take a reserved port.
  void foreign_process_may_reuse_addresses() { foreign_process_.reuse_address(); }
  bool foreign_process_got_the_port() const { return got_it_; }

 protected:
  bool after_start_check() override {
    if (!got_it_) got_it_ = foreign_process_.bind(port()) && foreign_process_.listen();
    return TCPExecutor::after_start_check();
  }

 private:
  Socket foreign_process_{AF_INET};
  bool got_it_ = false;
};

TEST(ContestedPort, IsNotGivenAway) {
  ServiceOnContestedPort service;
  EXPECT_THROW(service.start(), TimeoutExpired);
  EXPECT_FALSE(service.foreign_process_got_the_port());
}

TEST(ContestedPort, MakesNoServiceReadyIfItIsTaken) {
  ServiceOnContestedPort service;
  service.foreign_process_may_reuse_addresses();
  EXPECT_THROW(service.start(), AlreadyRunning);
  EXPECT_TRUE(service.foreign_process_got_the_port());
}

// The control: without either protection.
TEST(ContestedPort, WouldMakeItReady) {
  ServiceOnContestedPort service(false);
  service.foreign_process_may_reuse_addresses();
  EXPECT_NO_THROW(service.start());
  EXPECT_TRUE(service.foreign_process_got_the_port());
}

}  // namespace
}  // namespace mirakuru::tests
