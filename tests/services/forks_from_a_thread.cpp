// Starts a child from a thread that then ends; the child prints "ready" when it is in its own
// session.
#include <thread>

#include "service.hpp"

int main() {
  std::thread([] {
    if (fork() != 0) return;
    setsid();
    service::Print("ready\n");
    service::WaitForSignals();
  }).join();
  service::WaitForSignals();
}
