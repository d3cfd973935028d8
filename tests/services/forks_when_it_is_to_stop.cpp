// Prints "ready". At SIGTERM it starts a child in its own session, and ends.
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
