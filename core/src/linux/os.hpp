// What the library asks of the operating system beyond POSIX: the one seam behind which everything
// lies that is Linux only. os_linux.cpp implements it; another system would be one more file.
#ifndef MIRAKURU_CORE_SRC_LINUX_OS_HPP_
#define MIRAKURU_CORE_SRC_LINUX_OS_HPP_

#include <sys/socket.h>
#include <sys/types.h>

#include <ctime>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/unique_fd.hpp"
#include "base/waiting.hpp"

namespace mirakuru::detail::os {

// A descriptor that becomes readable when the process has ended (pidfd_open(2)); empty, with errno,
// where the system has none.
UniqueFd open_pidfd(pid_t pid);

// A file in memory that holds `program` and can be executed by its path; empty where the system
// refuses that.
UniqueFd program_in_memory(std::string_view program);
std::string path_of(const UniqueFd& fd);

// Throws std::system_error where the system does not tell which processes descend from which, or
// tells it with the pids of another pid namespace: what a service leaves behind could not be ended,
// and foreign processes could.
void require_process_tree();
// The second of these errors.
[[noreturn]] void fail_as_foreign_proc();
// A process and all of its descendants.
std::vector<pid_t> process_tree(pid_t root);

// Alive, and not a zombie.
bool alive(pid_t pid);
// When it began, on the wall clock; 0 where the system does not tell.
std::time_t start_time(pid_t pid);
// "redis-server (pid 4242)".
std::string describe_process(pid_t pid);

// Whose a listening socket is.
struct Listener {
  enum class Ownership {
    tree,     // a process of the tree
    foreign,  // surely none of them
    unknown,  // the system does not tell
  };
  Ownership ownership = Ownership::unknown;
  std::vector<ino_t> foreign_sockets = {};  // those that are not the tree's
  pid_t foreign_pid = 0;                    // where the system tells at once
};
// Tells whether anybody listens, for less than half of what a connection costs, which is most of
// what it costs to wait for long.
class ListenerLookup {
 public:
  // At an address of this machine; nothing where the system does not tell.
  std::optional<bool> anybody_at(const sockaddr_storage& address);

 private:
  UniqueFd netlink_;
};
// Whoever accepts TCP connections to `address`. `root` 0: no tree, whoever listens is a foreign
// process.
Listener tcp_listener(const sockaddr_storage& address, pid_t root);
// Whoever accepts connections on the unix socket that `connected` is connected to.
Listener unix_listener(int connected, pid_t root);
// Names the foreign process, which may mean to look at every process: for messages.
std::string describe_foreign_process(const Listener& listener);

// Tells of changes to a file that may not be there yet.
class FileWatch {
 public:
  // What is watched is the nearest directory above it that is there.
  explicit FileWatch(std::string path);
  ~FileWatch();
  FileWatch(FileWatch&& other) noexcept;
  FileWatch& operator=(FileWatch&&) = delete;

  // Whether the system can watch it; if not, look at it from time to time.
  bool works() const { return watch_ >= 0; }
  // Forgets the changes so far, and moves on to directories that have come up. To be called before
  // the file is looked at.
  void rearm();
  // Wakes up on a change since rearm().
  void wait_on(WaitSet& set) const;

 private:
  void release();

  std::string path_;
  std::string watched_;
  int watch_ = -1;
  unsigned long seen_ = 0;  // how many of its events there were when it was armed
};

}  // namespace mirakuru::detail::os

#endif  // MIRAKURU_CORE_SRC_LINUX_OS_HPP_
