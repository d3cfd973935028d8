// Says "ignoring" once SIGTERM does nothing to it any more.
#include <csignal>

#include "service.hpp"

int main() {
  std::signal(SIGTERM, SIG_IGN);
  service::Print("ignoring\n");
  service::WaitForSignals();
}
