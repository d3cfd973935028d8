#include "process/supervisor_client.hpp"

#include <fcntl.h>
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
#include "linux/os.hpp"
#include "process/socket_message.hpp"
#include "process/supervisor_launch.hpp"
#include "resources/directory.hpp"
#include "supervisor/protocol.hpp"

// The supervisor program, put into the library by supervisor_image.S.
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

// Where the system refuses to execute a file in memory: a file that nobody else can write to, gone
// once it has been started.
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
      // Somebody killed the supervisor; its services have ended with it. A new one does the rest.
      control_.reset();
      if (attempt > 0) {
        throw std::system_error(errno, std::generic_category(), "the supervisor does not answer");
      }
    }
  }

  void forget() {
    const std::lock_guard lock(mutex_);
    control_.reset();
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
    launch_supervisor(in_memory ? os::path_of(in_memory) : on_disk->path(),
                      keep_directories() ? "" : directory, control.theirs.get(), owner.get());
    run_directory_is_supervised();
    control_ = std::move(control.ours);
    owner_ = ::getpid();
  }

  std::mutex mutex_;  // of what follows; see directory.cpp
  UniqueFd control_;
  pid_t owner_ = 0;
};

}  // namespace

UniqueFd open_channel() { return Supervisor::get().open_channel(); }

void forget_supervisor() { Supervisor::get().forget(); }

}  // namespace mirakuru::detail
