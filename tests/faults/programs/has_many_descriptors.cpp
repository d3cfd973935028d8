// A test program with a thousand descriptors that stay open over exec, and a thread that starts
// other programs all the time. Prints for each program that it started how many descriptors that
// found open: "before N", "service N", "other N".
//
//   --without=close_on_exec   its pipes and sockets, including those of mirakuru, stay open over
//                             exec too
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <iostream>
#include <string>
#include <thread>

#include "mirakuru/mirakuru.hpp"
#include "programs/arguments.hpp"
#include "support/child_program.hpp"
#include "support/service.hpp"
#include "support/text.hpp"

namespace {

using mirakuru::tests::Count;
using mirakuru::tests::Service;
using namespace std::chrono_literals;

bool close_on_exec = true;

constexpr int kDescriptors = 1000;
constexpr int kStarts = 20;

const std::string& Reports() {
  static const std::string path = Service("reports_its_descriptors_and_signals");
  return path;
}

int Descriptors(const std::string& report) { return Count(report, "descriptor "); }

int DescriptorsOfOther() {
  mirakuru::tests::ChildProgram program({Reports()});
  program.wait_for_end();
  return Descriptors(program.text());
}

int DescriptorsOfService(const mirakuru::Stream& std_out) {
  mirakuru::SimpleExecutor service({Reports()}, {.std_out = std_out});
  service.start().wait(10s);
  return Descriptors(service.output().text());
}

}  // namespace

// Replaces the one of the C library.
extern "C" int pipe2(int* pipedes, int flags) noexcept {
  return static_cast<int>(syscall(SYS_pipe2, pipedes, close_on_exec ? flags : flags & ~O_CLOEXEC));
}
extern "C" int socketpair(int domain, int type, int protocol, int* fds) noexcept {
  if (!close_on_exec) type &= ~SOCK_CLOEXEC;
  return static_cast<int>(syscall(SYS_socketpair, domain, type, protocol, fds));
}

int main(int argc, char** argv) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  for (int i = 0; i < kDescriptors; ++i) {
    if (open("/dev/zero", O_RDONLY) < 0) return 1;
  }
  std::cout << "before " << DescriptorsOfOther() << std::endl;
  close_on_exec = Argument(argc, argv, "--without") != "close_on_exec";

  std::atomic<int> others{0};
  std::atomic<bool> done{false};
  std::thread starts_others([&] {
    for (; !done || others < kStarts; ++others) {
      std::cout << "other " + std::to_string(DescriptorsOfOther()) + "\n";
    }
  });
  mirakuru::TCPExecutor tcp({Service("listens_on_port"), "--port={port}"}, "127.0.0.1:{port}");
  mirakuru::Executor notified({Service("notifies_ready")}, mirakuru::NotifyCheck{});
  tcp.start();
  notified.start();
  for (int i = 0; i < kStarts; ++i) {
    const bool terminal = i % 2 == 1;
    const int found =
        DescriptorsOfService(terminal ? mirakuru::Stream::terminal() : mirakuru::Stream::capture());
    std::cout << "service " + std::to_string(found) + "\n";
  }
  done = true;
  starts_others.join();
}
