// Becomes a daemon as in daemon(7): forks twice, starts a session, clears its environment, and its
// main process ends with 0. Options of the daemon:
//   --pid-file=PATH   writes its pid there
//   --port=N          listens there
//   --ends            ends immediately
//   --closes          prints "ready", and closes all its descriptors
//   --stays           the main process does not end
#include "tcp.hpp"

int main(int argc, char** argv) {
  const service::Arguments arguments(argc, argv);
  if (fork() != 0) {
    if (arguments.has("--stays")) service::WaitForSignals();
    return 0;
  }
  setsid();
  if (fork() != 0) _exit(0);
  clearenv();
  if (chdir("/") != 0) service::Fail("chdir");
  service::WaitForGo(arguments);
  if (arguments.has("--ends")) _exit(0);
  const int listener = arguments.has("--port") ? service::ListenOnTcp(arguments, true) : -1;
  if (arguments.has("--pid-file")) {
    service::WriteFile(arguments.get("--pid-file"), std::to_string(getpid()) + "\n");
  }
  if (arguments.has("--closes")) {
    service::Print("ready\n");
    for (int fd = 0; fd < 256; ++fd) close(fd);
  }
  if (listener >= 0) service::AcceptAndHangUp(listener);
  service::WaitForSignals();
}
