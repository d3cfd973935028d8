// Prints "ignoring" when it ignores SIGTERM.
#include <csignal>

#include "service.hpp"

int main() {
  std::signal(SIGTERM, SIG_IGN);
  service::Print("ignoring\n");
  service::WaitForSignals();
}
