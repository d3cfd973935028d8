// Starts a child in a session of its own, from a thread that ends; says "ready".
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
