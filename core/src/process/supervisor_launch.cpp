// posix_spawn(3): a fork of a test program with gigabytes of memory would take tens of
// milliseconds, and a child of it could run the test program's handlers.
#include "process/supervisor_launch.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <system_error>

#include "base/unique_fd.hpp"
#include "supervisor/protocol.hpp"

namespace mirakuru::detail {
namespace {

// What the child does before it executes the program. The calls fail only for lack of memory.
class Actions {
 public:
  Actions() { posix_spawn_file_actions_init(&actions_); }
  ~Actions() { posix_spawn_file_actions_destroy(&actions_); }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;

  void put(const UniqueFd& fd, int wanted) {
    if (fd) {
      posix_spawn_file_actions_adddup2(&actions_, fd.get(), wanted);
    } else {
      posix_spawn_file_actions_addclose(&actions_, wanted);
    }
  }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

// The supervisor itself unblocks and resets signals; but ignored signals stay ignored through exec,
// so they are reset here: if SIGCHLD is ignored, there are no children to wait for.
class Attributes {
 public:
  Attributes() {
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    posix_spawnattr_init(&attributes_);
    posix_spawnattr_setsigdefault(&attributes_, &child);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF);
  }
  ~Attributes() { posix_spawnattr_destroy(&attributes_); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;

  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_;
};

// A duplicate above the target numbers, so that no target overwrites another source.
UniqueFd aside(int fd) {
  constexpr int kAbove = 10;
  return UniqueFd(fd < 0 ? -1 : ::fcntl(fd, F_DUPFD_CLOEXEC, kAbove));
}

}  // namespace

void launch_supervisor(const std::string& executable, const std::string& directory_to_delete,
                       int control, int owner) {
  const UniqueFd control_aside = aside(control);
  const UniqueFd owner_aside = aside(owner);
  Actions actions;
  actions.put(control_aside, protocol::kControlFd);
  actions.put(owner_aside, protocol::kOwnerFd);
  char* const arguments[] = {const_cast<char*>(executable.c_str()),
                             const_cast<char*>(directory_to_delete.c_str()), nullptr};
  char* const environment[] = {nullptr};
  pid_t pid = 0;
  const int error = ::posix_spawn(&pid, executable.c_str(), actions.get(), Attributes().get(),
                                  arguments, environment);
  if (error != 0) {
    throw std::system_error(error, std::generic_category(), "cannot run " + executable);
  }

  // The program detaches itself at once: the child that we see ends as soon as the actual
  // supervisor is running. Its status is not used: the test program may wait for any child, or
  // ignore SIGCHLD, and so take the status from us.
  while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace mirakuru::detail
