#include "linux/listeners.hpp"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <utility>

#include "linux/proc.hpp"

namespace mirakuru::detail::os {
namespace {

constexpr std::uint32_t kTcpListen =
    10;  // TCP_LISTEN of <netinet/tcp.h>, which conflicts with <linux/tcp.h>

struct ListeningSocket {
  ino_t inode;
  int family;
  std::array<std::uint32_t, 4> address;  // in network order; IPv4 in the first element
};

// The request for the listeners on a port: sock_diag(7).
struct ListenersRequest {
  ListenersRequest(int family, in_port_t port, std::uint16_t flags) {
    header.nlmsg_len = sizeof *this;
    header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
    header.nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
    body.sdiag_family = static_cast<std::uint8_t>(family);
    body.sdiag_protocol = IPPROTO_TCP;
    body.idiag_states = 1U << kTcpListen;
    body.id.idiag_sport = port;
  }
  nlmsghdr header{};
  inet_diag_req_v2 body{};
};

UniqueFd open_sock_diag() {
  return UniqueFd(::socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG));
}

// Nullopt if the kernel does not answer.
std::optional<std::vector<ListeningSocket>> listening_sockets(int family, in_port_t port) {
  const UniqueFd netlink = open_sock_diag();
  if (!netlink) return std::nullopt;
  const ListenersRequest request(family, port, NLM_F_DUMP);
  if (::send(netlink.get(), &request, sizeof request, 0) < 0) return std::nullopt;

  std::vector<ListeningSocket> result;
  alignas(nlmsghdr) std::array<char, 32768> buffer;
  while (true) {
    const ssize_t n = ::recv(netlink.get(), buffer.data(), buffer.size(), 0);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return std::nullopt;
    auto left = static_cast<unsigned>(n);
    for (auto* header = reinterpret_cast<nlmsghdr*>(buffer.data()); NLMSG_OK(header, left);
         header = NLMSG_NEXT(header, left)) {
      if (header->nlmsg_type == NLMSG_DONE) return result;
      if (header->nlmsg_type == NLMSG_ERROR) return std::nullopt;
      const auto* socket = static_cast<const inet_diag_msg*>(NLMSG_DATA(header));
      if (socket->id.idiag_sport != port) continue;
      ListeningSocket found{socket->idiag_inode, socket->idiag_family, {}};
      std::memcpy(found.address.data(), socket->id.idiag_src, sizeof found.address);
      result.push_back(found);
    }
  }
}

// The sockets to which the kernel would give a connection to `address`: a socket bound to exactly
// that address takes precedence over one bound to all addresses of its family, and that over an
// IPv6 socket that accepts IPv4 too.
std::optional<std::vector<ino_t>> acceptors(const sockaddr_storage& address) {
  std::array<std::uint32_t, 4> wanted{};
  in_port_t port = 0;
  int family = address.ss_family;
  if (family == AF_INET) {
    const auto& ipv4 = reinterpret_cast<const sockaddr_in&>(address);
    wanted[0] = ipv4.sin_addr.s_addr;
    port = ipv4.sin_port;
  } else {
    const auto& ipv6 = reinterpret_cast<const sockaddr_in6&>(address);
    port = ipv6.sin6_port;
    std::memcpy(wanted.data(), &ipv6.sin6_addr, sizeof wanted);
    if (IN6_IS_ADDR_V4MAPPED(&ipv6.sin6_addr)) {
      family = AF_INET;
      wanted = {wanted[3], 0, 0, 0};
    }
  }
  std::vector<ListeningSocket> sockets;
  for (const int asked : {AF_INET, AF_INET6}) {
    auto some = listening_sockets(asked, port);
    if (!some) return std::nullopt;
    sockets.insert(sockets.end(), some->begin(), some->end());
  }
  const std::array<std::uint32_t, 4> any{};
  std::vector<ino_t> result;
  const auto take = [&](int of_family, const std::array<std::uint32_t, 4>& bound_to) {
    for (const ListeningSocket& socket : sockets) {
      if (socket.family == of_family && socket.address == bound_to) result.push_back(socket.inode);
    }
    return !result.empty();
  };
  if (!take(family, wanted) && !take(family, any) && family == AF_INET) {
    std::array<std::uint32_t, 4> mapped{0, 0, htonl(0xffff), wanted[0]};
    if (!take(AF_INET6, mapped)) take(AF_INET6, any);
  }
  return result;
}

}  // namespace

std::optional<bool> ListenerLookup::has_listener_at(const sockaddr_storage& address) {
  const auto& ipv4 = reinterpret_cast<const sockaddr_in&>(address);
  const auto& ipv6 = reinterpret_cast<const sockaddr_in6&>(address);
  const bool is_ipv4 = address.ss_family == AF_INET;
  ListenersRequest request(address.ss_family, is_ipv4 ? ipv4.sin_port : ipv6.sin6_port, 0);
  inet_diag_sockid& id = request.body.id;
  if (is_ipv4) {
    id.idiag_src[0] = ipv4.sin_addr.s_addr;
  } else {
    std::memcpy(id.idiag_src, &ipv6.sin6_addr, sizeof id.idiag_src);
  }
  id.idiag_cookie[0] = id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;

  if (!netlink_) netlink_ = open_sock_diag();
  alignas(nlmsghdr) std::array<char, 4096> answer;
  if (!netlink_ || ::send(netlink_.get(), &request, sizeof request, 0) < 0) return std::nullopt;
  // The answer is available when send returns.
  const ssize_t n = ::recv(netlink_.get(), answer.data(), answer.size(), MSG_DONTWAIT);
  if (n < static_cast<ssize_t>(sizeof(nlmsghdr))) return std::nullopt;
  auto* header = reinterpret_cast<nlmsghdr*>(answer.data());
  if (header->nlmsg_type == SOCK_DIAG_BY_FAMILY) return true;
  const auto* failure = static_cast<const nlmsgerr*>(NLMSG_DATA(header));
  if (header->nlmsg_type == NLMSG_ERROR && failure->error == -ENOENT) return false;
  return std::nullopt;
}

Listener tcp_listener(const sockaddr_storage& address, pid_t root) {
  const auto sockets = acceptors(address);
  if (!sockets || sockets->empty()) return {};  // another machine or network namespace
  Listener listener;
  std::vector<ino_t> foreign = *sockets;
  bool looked_at_all = true;
  if (root != 0) {
    for (const pid_t pid : process_tree(root)) {
      // If several sockets share the port (SO_REUSEPORT), any of them may get the next connection,
      // so all of them must belong to the tree.
      for (auto socket = foreign.begin(); socket != foreign.end();) {
        const auto holds = holds_one_of(pid, {*socket});
        looked_at_all = looked_at_all && holds.has_value();
        socket = holds.value_or(false) ? foreign.erase(socket) : socket + 1;
      }
      if (foreign.empty()) {
        listener.ownership = Listener::Ownership::tree;
        return listener;
      }
    }
  }
  if (looked_at_all) {
    listener.ownership = Listener::Ownership::foreign;
    listener.foreign_sockets = std::move(foreign);
  }
  return listener;
}

Listener unix_listener(int connected, pid_t root) {
  ucred listening{};  // the process that called listen(2): SO_PEERCRED in unix(7)
  socklen_t size = sizeof listening;
  Listener listener;
  if (::getsockopt(connected, SOL_SOCKET, SO_PEERCRED, &listening, &size) != 0) return listener;
  if (listening.pid <= 0) return listener;  // in another pid namespace
  if (root != 0) {
    const auto tree = process_tree(root);
    if (std::find(tree.begin(), tree.end(), listening.pid) != tree.end()) {
      listener.ownership = Listener::Ownership::tree;
      return listener;
    }
    // It may have passed the socket on to a child, which may belong to the tree.
    if (!alive(listening.pid)) return listener;
  }
  listener.ownership = Listener::Ownership::foreign;
  listener.foreign_pid = listening.pid;
  return listener;
}

std::string describe_foreign_process(const Listener& listener) {
  if (listener.foreign_pid != 0) return describe_process(listener.foreign_pid);
  for (const pid_t pid : all_pids()) {
    if (holds_one_of(pid, listener.foreign_sockets).value_or(false)) return describe_process(pid);
  }
  return "a process that the system does not name";
}

}  // namespace mirakuru::detail::os
