#include "resources/port_lease.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdint>
#include <system_error>

namespace mirakuru::detail {
namespace {

// A socket bound to the port (0: any) at every address of the machine, of IPv6 and IPv4, or of IPv4
// alone if there is no IPv6, so that the lease holds whatever address the service binds.
UniqueFd bind_everywhere(std::uint16_t port) {
  const int on = 1;
  const int off = 0;
  UniqueFd ipv6(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (ipv6) {
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(port);
    ::setsockopt(ipv6.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    ::setsockopt(ipv6.get(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    if (::bind(ipv6.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return ipv6;
    if (errno != EADDRNOTAVAIL && errno != EAFNOSUPPORT) return {};
  }
  UniqueFd ipv4(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  ::setsockopt(ipv4.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(ipv4.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return ipv4;
  return {};
}

}  // namespace

PortLease::PortLease() : socket_(bind_everywhere(0)) {
  sockaddr_in6 address{};  // large enough for both families, with the port in the same place
  socklen_t size = sizeof address;
  if (!socket_ || ::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::system_error(errno, std::generic_category(), "no free TCP port is available");
  }
  port_ = ntohs(address.sin6_port);
}

void PortLease::retake() {
  // If another process took the port first, the next start names it.
  if (!socket_) socket_ = bind_everywhere(static_cast<std::uint16_t>(port_));
}

}  // namespace mirakuru::detail
