// Who accepts connections at an address: sock_diag(7), SO_PEERCRED of unix(7), and proc(5).
#ifndef MIRAKURU_CORE_SRC_LINUX_LISTENERS_HPP_
#define MIRAKURU_CORE_SRC_LINUX_LISTENERS_HPP_

#include <sys/socket.h>
#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"

namespace mirakuru::detail::os {

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

}  // namespace mirakuru::detail::os

#endif  // MIRAKURU_CORE_SRC_LINUX_LISTENERS_HPP_
