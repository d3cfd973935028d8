// Turns SIGTERM into the exit code --code, as a JVM does with 143. Prints "ready" when the handler
// is installed.
#include <csignal>

#include "service.hpp"

namespace {
volatile std::sig_atomic_t code = 0;
}

int main(int argc, char** argv) {
  code = static_cast<int>(service::Arguments(argc, argv).number("--code"));
  std::signal(SIGTERM, [](int) { _exit(code); });
  service::Print("ready\n");
  service::WaitForSignals();
}
