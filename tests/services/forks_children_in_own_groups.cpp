// Starts --children (3) children, each in its own process group, each with a child in its own
// session; prints "ready" when all of them are running.

#include "service.hpp"

int main(int argc, char** argv) {
  const service::Arguments arguments(argc, argv);
  const long children = arguments.number("--children", 3);
  int ready[2];
  if (pipe2(ready, O_CLOEXEC) != 0) service::Fail("pipe");
  for (long i = 0; i < children; ++i) {
    if (fork() != 0) continue;
    setpgid(0, 0);
    if (fork() == 0) setsid();
    service::Write(ready[1], "x");
    service::WaitForSignals();
  }
  char c;
  for (long i = 0; i < 2 * children; ++i) {
    if (read(ready[0], &c, 1) != 1) service::Fail("read");
  }
  service::Print("ready\n");
  service::WaitForSignals();
}
