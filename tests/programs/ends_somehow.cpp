// A test program in the hands of mirakuru's own tests: starts services of every kind, says "ready
// <pid of one of them>", and ends in the way that --way tells.
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string>

#include "mirakuru/mirakuru.hpp"
#include "programs/arguments.hpp"
#include "support/service.hpp"

namespace {

using mirakuru::tests::Service;

void EndBy(const std::string& way) {
  if (way == "exit") std::exit(3);
  if (way == "_exit") _exit(3);
  if (way == "quick_exit") std::quick_exit(3);
  if (way == "abort") std::abort();
  if (way == "exception") throw std::runtime_error("nobody catches this");
  if (way == "segfault") std::raise(SIGSEGV);
  if (way == "exec") execlp("sleep", "sleep", "60", nullptr);
  if (way == "waits") {
    while (true) pause();
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string mark = "--mark=" + Argument(argc, argv, "--mark");
  mirakuru::OutputExecutor family({Service("forks_children_in_own_groups"), "--children=2", mark},
                                  "ready");
  mirakuru::PidExecutor daemon(
      {Service("daemonizes_and_forgets_its_environment"), "--pid-file={tmpdir}/pid", mark},
      "{tmpdir}/pid");
  mirakuru::SimpleExecutor more(mirakuru::Command::shell(Argument(argc, argv, "--more", "true")));
  more.start();
  family.start();
  daemon.start();
  std::cout << "ready " << family.pid() << " " << std::endl;
  EndBy(Argument(argc, argv, "--way", "return"));
  return 3;
}
