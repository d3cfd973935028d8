// Starts a child, prints "ready", and exits with --code after WaitForGo(). The child keeps
// running; with --child-ignores-sigterm until it is killed.
#include <csignal>

#include "service.hpp"

int main(int argc, char** argv) {
  const service::Arguments arguments(argc, argv);
  if (arguments.has("--child-ignores-sigterm")) std::signal(SIGTERM, SIG_IGN);
  if (fork() == 0) service::WaitForSignals();
  std::signal(SIGTERM, SIG_DFL);
  service::Print("ready\n");
  service::WaitForGo(arguments);
  return static_cast<int>(arguments.number("--code"));
}
