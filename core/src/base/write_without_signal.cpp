#include "base/write_without_signal.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <csignal>
#include <ctime>

namespace mirakuru::detail {

ssize_t write_without_signal(int fd, std::string_view text) {
  sigset_t pipe_signal;
  sigset_t pending;
  sigset_t before;
  sigemptyset(&pipe_signal);
  sigaddset(&pipe_signal, SIGPIPE);
  sigpending(&pending);
  pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
  const ssize_t n = ::write(fd, text.data(), text.size());
  const int error = errno;
  if (n < 0 && error == EPIPE && sigismember(&pending, SIGPIPE) == 0) {
    const timespec at_once{};
    sigtimedwait(&pipe_signal, nullptr, &at_once);
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = error;
  return n;
}

bool write_all(int fd, std::string_view text, std::chrono::milliseconds patience) {
  const bool is_bounded = patience != forever;
  while (!text.empty()) {
    pollfd room{fd, POLLOUT, 0};
    if (is_bounded && ::poll(&room, 1, static_cast<int>(patience.count())) <= 0) return false;
    // poll(2) guarantees room for PIPE_BUF bytes; a longer write could block.
    const ssize_t n = write_without_signal(fd, is_bounded ? text.substr(0, PIPE_BUF) : text);
    if (n < 0 && errno != EINTR) return false;
    if (n > 0) text.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

}  // namespace mirakuru::detail
