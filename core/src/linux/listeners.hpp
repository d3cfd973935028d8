// Which process accepts connections at an address: sock_diag(7), SO_PEERCRED of unix(7), proc(5).
#ifndef MIRAKURU_CORE_SRC_LINUX_LISTENERS_HPP_
#define MIRAKURU_CORE_SRC_LINUX_LISTENERS_HPP_

#include <sys/socket.h>
#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"

namespace mirakuru::detail::os {

// Whether a listening socket belongs to a process tree.
struct Listener {
  enum class Ownership {
    tree,     // it belongs to a process of the tree
    foreign,  // it certainly does not
    unknown,  // the system does not report it
  };
  Ownership ownership = Ownership::unknown;
  std::vector<ino_t> foreign_sockets = {};  // those that are not the tree's
  pid_t foreign_pid = 0;                    // if the system reports it directly
};
// Checks whether anything listens, at less than half the cost of a connection. Connections are most
// of the cost of a long wait.
class ListenerLookup {
 public:
  // At an address of this machine; nullopt if the system does not report it.
  std::optional<bool> has_listener_at(const sockaddr_storage& address);

 private:
  UniqueFd netlink_;
};
// The listener that accepts TCP connections to `address`. `root` 0: there is no tree, and every
// listener is foreign.
Listener tcp_listener(const sockaddr_storage& address, pid_t root);
// The listener that accepts connections on the unix socket that `connected` is connected to.
Listener unix_listener(int connected, pid_t root);
// Names the foreign process, for messages. May search all processes.
std::string describe_foreign_process(const Listener& listener);

}  // namespace mirakuru::detail::os

#endif  // MIRAKURU_CORE_SRC_LINUX_LISTENERS_HPP_
