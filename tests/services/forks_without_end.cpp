// Says "ready", with --chains (4) chains of processes below it, each of which starts the next in a
// session of its own and ends. For a test that cannot stop them they end after --for-ms (2500).
//   --holds=FIFO      they hold its end for writing
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
  const long end = Milliseconds() + arguments.number("--for-ms", 2500);
  const std::string fifo = arguments.get("--holds");
  if (!fifo.empty() && open(fifo.c_str(), O_WRONLY) < 0) service::Fail(fifo.c_str());
  for (long i = 0; i < arguments.number("--chains", 4); ++i) {
    if (fork() != 0) continue;
    while (Milliseconds() < end) {
      setsid();
      if (fork() != 0) _exit(0);
    }
    _exit(0);
  }
  service::Print("ready\n");
  service::WaitForSignals();
}
