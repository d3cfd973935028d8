// Starts a child in its own session, from a thread that then ends; prints "ready".
#include <thread>

#include "service.hpp"

int main() {
  std::thread([] {
    if (fork() != 0) return;
    setsid();
    service::WaitForSignals();
  }).join();
  service::Print("ready\n");
  service::WaitForSignals();
}
