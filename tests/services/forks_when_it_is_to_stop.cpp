// Says "ready". When it is asked to stop it leaves a child, in a session of its own, and ends.
#include <csignal>

#include "service.hpp"

namespace {

void LeaveAChild(int) {
  service::Sleep(50);
  if (fork() != 0) _exit(0);
  std::signal(SIGTERM, SIG_DFL);
  setsid();
}

}  // namespace

int main() {
  std::signal(SIGTERM, LeaveAChild);
  service::Print("ready\n");
  service::WaitForSignals();
}
