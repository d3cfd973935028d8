// Watches the owner before the main loop runs (see owner_watch.hpp).
#include "owner_watch.hpp"

#include <poll.h>

namespace mirakuru::supervisor {

bool OwnerWatch::wait_readable(int fd) const {
  // Requests that wait in the channel are handled later; poll(2) always reports its end.
  const int silent_channel = fd == channel.get() ? -1 : channel.get();
  while (true) {
    pollfd fds[] = {{fd, POLLIN, 0},
                    {silent_channel, 0, 0},
                    {pidfd.get(), POLLIN, 0},
                    {lifeline.get(), POLLIN, 0}};
    if (poll(fds, sizeof fds / sizeof *fds, -1) < 0) continue;
    if (fds[1].revents != 0 || fds[2].revents != 0 || fds[3].revents != 0) return false;
    if (fds[0].revents != 0) return true;
  }
}

}  // namespace mirakuru::supervisor
