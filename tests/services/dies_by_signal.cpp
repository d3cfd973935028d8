// Ends by --signal=NUMBER, after WaitForGo().
#include <sys/resource.h>

#include <csignal>

#include "service.hpp"

int main(int argc, char** argv) {
  const service::Arguments arguments(argc, argv);
  const rlimit no_core_file{0, 0};
  setrlimit(RLIMIT_CORE, &no_core_file);
  service::WaitForGo(arguments);
  service::SayWhen(arguments, STDOUT_FILENO);
  kill(getpid(), static_cast<int>(arguments.number("--signal", SIGKILL)));
  service::WaitForSignals();
}
