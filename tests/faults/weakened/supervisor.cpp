// Intercepts the supervisor's system calls, and disables the protections that the variable WITHOUT
// of the test program's environment lists, separated by commas. The linker redirects every call of,
// for example, kill(2) to __wrap_kill here, which calls the real one as __real_kill (ld's --wrap).
//
//   subreaper            it adopts no orphans, and neither do shepherds
//   parent_death_signal  a service's main process does not end with its shepherd
//   owner_pidfd, channel_end, lifeline
//                        the three signs that a service is no longer needed (owner_watch.hpp)
//   stop_signal, kill_signal, continue_signal
//                        the signals to services
//   second_look          processes that the first scan did not find are not signalled
//   deletion             of old parts of logs, and of directories at the end
//   null_descriptors     the standard descriptors of the test program stay open
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

#include "supervisor/protocol.hpp"

extern "C" {
int __real_kill(pid_t pid, int signal);
int __real_open(const char* path, int flags, ...);
int __real_pipe2(int* ends, int flags);
int __real_poll(pollfd* fds, nfds_t count, int timeout);
int __real_prctl(int option, ...);
int __real_unlinkat(int directory, const char* path, int flags);
}

namespace {

// ",name,name,"
char missing[512] = ",";

// The supervisor itself has no environment; at this moment the test program is its parent.
[[gnu::constructor]] void read_what_is_missing() {
  char path[32];
  std::snprintf(path, sizeof path, "/proc/%d/environ", getppid());
  const int file = __real_open(path, O_RDONLY | O_CLOEXEC);
  static char text[128 * 1024];
  std::size_t size = 0;
  for (ssize_t n = 0; (n = read(file, text + size, sizeof text - 1 - size)) > 0;) {
    size += static_cast<std::size_t>(n);
  }
  close(file);
  for (const char* variable = text; variable < text + size; variable += std::strlen(variable) + 1) {
    if (std::strncmp(variable, "WITHOUT=", 8) == 0) {
      std::snprintf(missing, sizeof missing, ",%s,", variable + 8);
    }
  }
}

bool without(const char* protection) {
  char wanted[64];
  std::snprintf(wanted, sizeof wanted, ",%s,", protection);
  return std::strstr(missing, wanted) != nullptr;
}

int lifeline = -1;

bool is_socket(int fd) {
  struct stat status {};
  return fstat(fd, &status) == 0 && S_ISSOCK(status.st_mode);
}

bool is_overlooked(int fd) {
  if (fd == mirakuru::protocol::kOwnerFd) return without("owner_pidfd");
  if (fd == lifeline) return without("lifeline");
  if (!without("channel_end") || !is_socket(fd)) return false;
  pollfd socket{fd, 0, 0};
  return __real_poll(&socket, 1, 0) == 1;  // poll(2) reports its end without being asked
}

// The first scan is over when the supervisor, or a shepherd, sleeps for the first time after it.
bool has_signalled = false;
bool has_looked = false;

}  // namespace

extern "C" {

int __wrap_prctl(int option, unsigned long value) {
  if (option == PR_SET_CHILD_SUBREAPER && without("subreaper")) return 0;
  if (option == PR_SET_PDEATHSIG && without("parent_death_signal")) return 0;
  return __real_prctl(option, value);
}

int __wrap_kill(pid_t pid, int signal) {
  has_signalled = true;
  if (has_looked && without("second_look")) return 0;
  const char* const what = signal == SIGKILL   ? "kill_signal"
                           : signal == SIGCONT ? "continue_signal"
                                               : "stop_signal";
  return without(what) ? 0 : __real_kill(pid, signal);
}

int __wrap_pipe2(int* ends, int flags) {
  const int result = __real_pipe2(ends, flags);
  if (lifeline < 0) lifeline = ends[0];  // the supervisor makes it before it starts a shepherd
  return result;
}

int __wrap_poll(pollfd* fds, nfds_t count, int timeout) {
  has_looked = has_signalled;
  constexpr nfds_t kMost = 16;
  int numbers[kMost];
  for (nfds_t i = 0; i < count && i < kMost; ++i) {
    numbers[i] = fds[i].fd;
    if (fds[i].fd >= 0 && is_overlooked(fds[i].fd)) fds[i].fd = -1;
  }
  const int result = __real_poll(fds, count, timeout);
  for (nfds_t i = 0; i < count && i < kMost; ++i) {
    fds[i].fd = numbers[i];
    if (fds[i].revents != 0 && is_overlooked(fds[i].fd)) fds[i].revents = 0;
  }
  return result;
}

int __wrap_unlinkat(int directory, const char* path, int flags) {
  if (!without("deletion")) return __real_unlinkat(directory, path, flags);
  errno = EPERM;
  return -1;
}

// No caller creates a file with it, so there is no mode.
int __wrap_open(const char* path, int flags) {
  const bool is_null = std::strcmp(path, "/dev/null") == 0 || std::strcmp(path, "/") == 0;
  return is_null && without("null_descriptors") ? -1 : __real_open(path, flags);
}

}  // extern "C"
