// A test program that starts a program that ends with 7, in an environment as below, and prints
// "status 7", or "status lost" if the status is no longer available.
//
//   --way=ignores_sigchld     so that no end is reported
//   --way=waits_for_any       a loop of wait() until there is no child
//   --way=has_a_reaper        a thread that does so all the time
//   --plainly                 started by fork() instead of mirakuru
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <iostream>
#include <string>
#include <thread>

#include "mirakuru/mirakuru.hpp"
#include "programs/arguments.hpp"
#include "support/service.hpp"
#include "support/wait_until.hpp"

namespace {

using mirakuru::tests::Service;
using mirakuru::tests::WaitUntil;
using namespace std::chrono_literals;

class AsAService {
 public:
  AsAService() { executor_.start(); }
  std::string status() { return std::to_string(executor_.wait(10s).code()); }

 private:
  mirakuru::SimpleExecutor executor_{{Service("exits_with"), "--code=7"}};
};

class AsAChild {
 public:
  AsAChild() {
    if (pid_ == 0) _exit(7);
  }
  // Waits for the child after another part of the program had the chance to do so first.
  std::string status() const {
    WaitUntil([this] { return kill(pid_, 0) != 0; });
    int status = 0;
    return waitpid(pid_, &status, 0) == pid_ ? std::to_string(WEXITSTATUS(status)) : "lost";
  }

 private:
  const pid_t pid_ = fork();
};

template <typename Started>
std::string Status(const std::string& way) {
  if (way == "ignores_sigchld") std::signal(SIGCHLD, SIG_IGN);
  if (way == "has_a_reaper") {
    std::thread([] {
      while (true) {
        waitpid(-1, nullptr, WNOHANG);
        std::this_thread::yield();
      }
    }).detach();
  }
  Started started;
  if (way == "waits_for_any") {
    while (wait(nullptr) > 0) {
    }
  }
  return started.status();
}

}  // namespace

int main(int argc, char** argv) {
  const std::string way = Argument(argc, argv, "--way");
  const bool plainly = std::string(argv[argc - 1]) == "--plainly";
  const std::string status = plainly ? Status<AsAChild>(way) : Status<AsAService>(way);
  std::cout << "status " << status << std::endl;
  _exit(0);  // without joining the thread
}
