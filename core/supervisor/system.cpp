// The calls that every part of the supervisor uses (see system.hpp).
#include "system.hpp"

#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <cerrno>
#include <climits>
#include <csignal>
#include <cstring>
#include <ctime>
#include <utility>

namespace mirakuru::supervisor {
namespace {

// SIGXFSZ: the file size limit of a test program is inherited, and a log that reaches it must be a
// failed write, not our end. SIGPIPE is the same for the echo.
constexpr int kIgnoredSignals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE, SIGXFSZ};

void set_mask(int how, int signal) {
  sigset_t set;
  sigemptyset(&set);
  if (signal != 0) sigaddset(&set, signal);
  sigprocmask(how, &set, nullptr);
}

// With the system call: the C library reserves two signals, and programs started by posix_spawn(3)
// inherit them ignored. A structure of zeros means SIG_DFL, whatever its layout.
void set_to_default(int signal) {
  constexpr unsigned long kDefault[8] = {};
  constexpr std::size_t kSizeOfKernelsSet = (NSIG - 1) / 8;
  syscall(SYS_rt_sigaction, signal, kDefault, nullptr, kSizeOfKernelsSet);
}

constexpr Time kNanosecondsPerMs = 1'000'000;

}  // namespace

Time now() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return Time{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

Time time_after(std::int64_t timeout_ms) {
  const Time start = now();
  if (timeout_ms < 0 || timeout_ms > (kNever - start) / kNanosecondsPerMs) return kNever;
  return start + timeout_ms * kNanosecondsPerMs;
}

int poll_timeout(Time time) {
  if (time == kNever) return -1;
  const Time left = time - now();
  if (left <= 0) return 0;
  const Time left_ms = (left - 1) / kNanosecondsPerMs + 1;
  return left_ms < INT_MAX ? static_cast<int>(left_ms) : INT_MAX;
}

ssize_t receive(int socket, void* data, std::size_t size, Fd* fds, std::size_t fd_capacity,
                std::size_t* fd_count) {
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * protocol::kFdSlots)] = {};
  iovec bytes{data, size};
  msghdr message{};
  message.msg_iov = &bytes;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  ssize_t received = 0;
  do {
    received = recvmsg(socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  } while (received < 0 && errno == EINTR);
  if (received < 0) return received;

  bool fits = (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) == 0;
  std::size_t count = 0;
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr;
       part = CMSG_NXTHDR(&message, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t end = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < end; ++i) {
      int number = -1;
      std::memcpy(&number, CMSG_DATA(part) + i * sizeof(int), sizeof(int));
      Fd fd(number);  // closes it unless it is moved from
      if (count < fd_capacity) {
        fds[count++] = std::move(fd);
      } else {
        fits = false;
      }
    }
  }
  if (fd_count != nullptr) *fd_count = count;
  if (fits) return received;
  errno = EMSGSIZE;
  return -1;
}

void send_event(int channel, const protocol::Event& event) {
  (void)send(channel, &event, sizeof event, MSG_NOSIGNAL | MSG_DONTWAIT);
}

void hang_up(int channel) {
  // If a socket is closed with unread messages in it, its peer gets ECONNRESET before what we sent.
  // So the peer is kept from sending more, and what it has sent is discarded.
  shutdown(channel, SHUT_RD);
  char message[sizeof(protocol::Request)];
  while (recv(channel, message, sizeof message, MSG_DONTWAIT) > 0) {
  }
}

void take_over_signals() {
  for (int signal = 1; signal < NSIG; ++signal) set_to_default(signal);
  for (const int signal : kIgnoredSignals) std::signal(signal, SIG_IGN);
  set_mask(SIG_SETMASK, SIGCHLD);
}

void give_back_signals() {
  for (const int signal : kIgnoredSignals) std::signal(signal, SIG_DFL);
  set_mask(SIG_SETMASK, 0);
}

Fd open_child_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  return Fd(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

void clear_child_signals(int fd) {
  signalfd_siginfo info;
  while (read(fd, &info, sizeof info) > 0) {
  }
}

bool close_from(unsigned first, unsigned flags) {
#ifndef SYS_close_range
  constexpr long SYS_close_range = 436;
#endif
  return syscall(SYS_close_range, first, ~0U, flags) == 0;
}

}  // namespace mirakuru::supervisor
