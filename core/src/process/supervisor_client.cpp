#include "process/supervisor_client.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "base/waiting.hpp"
#include "linux/pidfd.hpp"
#include "linux/proc.hpp"
#include "process/socket_message.hpp"
#include "process/supervisor_launch.hpp"
#include "resources/directory.hpp"
#include "supervisor/protocol.hpp"

// The supervisor program, embedded in the library by supervisor_image.S.
extern "C" const char mirakuru_supervisor_image_begin[];
extern "C" const char mirakuru_supervisor_image_end[];

namespace mirakuru::detail {
namespace {

struct SocketPair {
  UniqueFd ours;
  UniqueFd theirs;
};

SocketPair socket_pair() {
  int fds[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) != 0) {
    throw std::system_error(errno, std::generic_category(), "socketpair");
  }
  return {UniqueFd(fds[0]), UniqueFd(fds[1])};
}

// If the system refuses to execute a file in memory: a file that only this user can write to,
// deleted once it has been started.
class ProgramOnDisk {
 public:
  ProgramOnDisk(std::string_view program, const std::string& directory)
      : path_(directory + "/supervisor") {
    const UniqueFd file(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0700));
    while (file && !program.empty()) {
      const ssize_t n = ::write(file.get(), program.data(), program.size());
      if (n < 0) break;
      program.remove_prefix(static_cast<std::size_t>(n));
    }
    if (program.empty()) return;
    const int error = errno;
    ::unlink(path_.c_str());
    throw std::system_error(error, std::generic_category(),
                            "cannot write the supervisor to " + path_);
  }
  ~ProgramOnDisk() { ::unlink(path_.c_str()); }
  ProgramOnDisk(const ProgramOnDisk&) = delete;
  ProgramOnDisk& operator=(const ProgramOnDisk&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

class Supervisor {
 public:
  static Supervisor& get() {
    static auto* const supervisor = new Supervisor;  // outlives executors with static storage
    return *supervisor;
  }

  UniqueFd open_channel() {
    const std::lock_guard lock(mutex_);
    for (int attempt = 0;; ++attempt) {
      if (!control_ || owner_ != ::getpid()) start();
      SocketPair channel = socket_pair();
      const protocol::SpawnShepherd request;
      if (send_message(control_.get(), &request, sizeof request, {channel.theirs.get()})) {
        return std::move(channel.ours);
      }
      const int error = errno;
      if (error == EAGAIN || error == EWOULDBLOCK) return {};
      // Any other error, such as a lack of memory, is no reason to abandon the supervisor: that
      // would end the running services.
      const bool was_killed = error == EPIPE || error == ECONNRESET;
      if (was_killed) control_.reset();
      if (!was_killed || attempt > 0) {
        throw std::system_error(
            error, std::generic_category(),
            absl::StrCat("cannot send a request to the supervisor (pid ", pid_, ")"));
      }
    }
  }

  void wait_on(WaitSet& set) {
    const std::lock_guard lock(mutex_);
    set.add(control_.get(), POLLOUT);
  }

  bool was_killed() {
    const std::lock_guard lock(mutex_);
    if (!control_ || owner_ != ::getpid()) return true;
    // The sockets of a process that is being killed are closed one after the other, in any order.
    constexpr int kClosingMs = 100;
    pollfd end{control_.get(), 0, 0};
    return ::poll(&end, 1, kClosingMs) > 0;
  }

  pid_t pid() {
    const std::lock_guard lock(mutex_);
    return pid_;
  }

 private:
  // With the mutex locked.
  void start() {
    const std::string_view program(
        mirakuru_supervisor_image_begin,
        static_cast<std::size_t>(mirakuru_supervisor_image_end - mirakuru_supervisor_image_begin));
    os::require_process_tree();
    const std::string directory = run_directory();
    SocketPair control = socket_pair();
    const UniqueFd owner = os::open_pidfd(::getpid());
    const UniqueFd in_memory = os::program_in_memory(program);
    std::optional<ProgramOnDisk> on_disk;
    if (!in_memory) on_disk.emplace(program, directory);
    const std::string executable = in_memory ? os::path_of(in_memory) : on_disk->path();
    launch_supervisor(executable, keep_directories() ? "" : directory, control.theirs.get(),
                      owner.get());
    control.theirs.reset();
    pid_ = wait_until_up(control.ours.get(), executable);
    run_directory_is_supervised();
    control_ = std::move(control.ours);
    owner_ = ::getpid();
  }

  // Returns the supervisor's pid.
  static pid_t wait_until_up(int control, const std::string& executable) {
    WaitSet set;
    set.add(control);
    const Deadline deadline = Deadline::after(scaled(kPatience));
    set.wake_at(deadline.time());
    protocol::SupervisorState state;
    ssize_t size = -1;
    while ((size = receive_message(control, &state, sizeof state, MSG_DONTWAIT)) < 0 &&
           (errno == EAGAIN || errno == EWOULDBLOCK)) {
      if (deadline.expired()) {
        throw std::system_error(ETIMEDOUT, std::generic_category(),
                                "the supervisor does not answer (is it stopped by SIGSTOP?)");
      }
      set.wait();
    }
    if (size != sizeof state) {
      throw std::system_error(ENOEXEC, std::generic_category(), "cannot run " + executable);
    }
    if (state.has_foreign_proc != 0) os::fail_as_foreign_proc();
    if (state.error != 0) {
      throw std::system_error(state.error, std::generic_category(), "cannot run the supervisor");
    }
    return state.pid;
  }

  std::mutex mutex_;  // protects the following; see directory.cpp
  UniqueFd control_;
  pid_t owner_ = 0;
  pid_t pid_ = 0;
};

}  // namespace

UniqueFd open_channel() { return Supervisor::get().open_channel(); }

void wait_on_supervisor(WaitSet& set) { Supervisor::get().wait_on(set); }

bool supervisor_was_killed() { return Supervisor::get().was_killed(); }

pid_t supervisor_pid() { return Supervisor::get().pid(); }

}  // namespace mirakuru::detail
