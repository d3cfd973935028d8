// Prints "ready", with --chains (4) chains of child processes, each of which starts the next one in
// its own session and ends. If a test cannot stop them, they end after 2.5 s.
//   --holds=FIFO      they hold it open for writing
#include "service.hpp"

namespace {

long Milliseconds() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

}  // namespace

int main(int argc, char** argv) {
  const service::Arguments arguments(argc, argv);
  const long chains = arguments.number("--chains", 4);
  const long end = Milliseconds() + 2500;
  const std::string fifo = arguments.get("--holds");
  if (!fifo.empty() && open(fifo.c_str(), O_WRONLY) < 0) service::Fail(fifo.c_str());
  int ready[2];
  if (pipe(ready) != 0) service::Fail("pipe");
  for (long i = 0; i < chains; ++i) {
    if (fork() != 0) continue;
    for (int link = 1; Milliseconds() < end; ++link) {
      setsid();
      if (fork() != 0) _exit(0);
      if (link == 3) service::Write(ready[1], "x");
    }
    _exit(0);
  }
  char c;
  for (long i = 0; i < chains; ++i) {
    if (read(ready[0], &c, 1) != 1) service::Fail("read");
  }
  service::Print("ready\n");
  service::WaitForSignals();
}
