// crowd MOMENTS COUNT: COUNT sleeping processes; ready (see moments.hpp) when all are running. Ends
// all of them, and then itself, at SIGTERM.
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "moments.hpp"

namespace {

[[noreturn]] void sleep_for_ever(pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
  while (true) pause();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  benchmarks::Moments* const moments = benchmarks::map_moments(argv[1]);
  if (moments == nullptr) return 1;
  sigset_t end;
  sigemptyset(&end);
  sigaddset(&end, SIGTERM);
  sigprocmask(SIG_BLOCK, &end, nullptr);

  const pid_t self = getpid();
  std::vector<pid_t> crowd;
  bool all = true;
  while (all && crowd.size() < static_cast<std::size_t>(std::atoi(argv[2]))) {
    const pid_t pid = fork();
    if (pid == 0) sleep_for_ever(self);
    all = pid > 0;
    if (all) crowd.push_back(pid);
  }
  if (all) {
    moments->ready = benchmarks::now_ns();
    int signal = 0;
    sigwait(&end, &signal);
  } else {
    std::perror("fork");
  }
  for (const pid_t pid : crowd) kill(pid, SIGKILL);
  for (const pid_t pid : crowd) waitpid(pid, nullptr, 0);
  return all ? 0 : 1;
}
