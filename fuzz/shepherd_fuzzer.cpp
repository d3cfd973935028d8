// A shepherd in this process gets messages over its channel. Valid ones are executed; after any
// input it ends and leaves no process or descriptor.
#include <sys/wait.h>

#include <csignal>

#include "messages.hpp"
#include "supervisor/shepherd.hpp"

namespace mirakuru::fuzz {
namespace {

// As supervisor.cpp does it. Before there is another thread, which would be given the signals.
const bool signals_are_ready = [] {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGCHLD);
  std::signal(SIGPIPE, SIG_IGN);
  return sigprocmask(SIG_BLOCK, &signals, nullptr) == 0;
}();

// Every descriptor that is left open makes it grow.
int lowest_free_descriptor() { return UniqueFd(fcntl(0, F_DUPFD_CLOEXEC, 0)).get(); }

void run_shepherd(Input input) {
  require(signals_are_ready, "SIGCHLD is blocked");
  (void)all_descriptors();
  const int before = lowest_free_descriptor();
  {
    SocketPair channel;
    const bool ends_at_once = input.byte() % 4 == 3;
    const std::size_t piece = 1U + input.byte() * 16U;
    const LaunchRequest request = launch_request_from(input);
    send_launch_request(channel.ours.get(), request, piece);
    for (int i = 0; i < 32 && !input.empty(); ++i) send_request_from(input, channel.ours.get());
    if (ends_at_once) {
      channel.ours.reset();
    } else {
      shutdown(channel.ours.get(), SHUT_WR);
    }
    supervisor::run_shepherd(
        {supervisor::Fd(channel.theirs.release()), supervisor::Fd(), supervisor::Fd()});
    if (!ends_at_once) {
      bool closed = false;
      const auto events = events_in(channel.ours.get(), closed);
      require(closed, "its channel is closed");
      require_valid_event_sequence(events);
      if (request.valid) require_executed(request, events);
    }
  }
  require(waitpid(-1, nullptr, WNOHANG) < 0 && errno == ECHILD, "no process is left");
  require(lowest_free_descriptor() == before, "no descriptor is left");
}

}  // namespace
}  // namespace mirakuru::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  mirakuru::fuzz::run_shepherd({data, size});
  return 0;
}
