#include "sockets.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <string_view>
#include <utility>

#include "moments.hpp"

namespace benchmarks {
namespace {

sockaddr_in at_port(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

bool connect_to(const Descriptor& fd, const void* address, std::size_t size) {
  return connect(fd.get(), static_cast<const sockaddr*>(address), static_cast<socklen_t>(size)) ==
         0;
}

// There is no event for it: trying without a pause is fastest.
template <typename Condition>
void try_until(Condition holds) {
  constexpr std::int64_t kLimit = 60'000'000'000;
  const std::int64_t begin = now_ns();
  while (!holds()) {
    if (now_ns() > begin + kLimit) throw std::runtime_error("nobody listens");
    sched_yield();
  }
}

}  // namespace

Descriptor::Descriptor(int fd) : fd_(fd) {
  if (fd_ < 0) throw std::runtime_error("no descriptor");
}

Descriptor::Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

Descriptor::~Descriptor() {
  if (fd_ >= 0) close(fd_);
}

// At all addresses: otherwise the system could assign the port to a socket of another address, or
// to outgoing connections, which would prevent a service from listening.
HeldPort::HeldPort() : socket_(socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const int on = 1;
  const int off = 0;
  setsockopt(socket_.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  setsockopt(socket_.get(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  socklen_t size = sizeof address;
  if (bind(socket_.get(), reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error("no free port");
  }
  number_ = ntohs(address.sin6_port);
}

bool connects(int family, const void* address, std::size_t size) {
  return connect_to(Descriptor(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)), address, size);
}

void wait_until_accepted(std::uint16_t port) {
  const sockaddr_in address = at_port(port);
  try_until([&] { return connects(AF_INET, &address, sizeof address); });
}

void wait_until_answered(std::uint16_t port) {
  constexpr std::string_view kRequest = "HEAD / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
  const sockaddr_in address = at_port(port);
  try_until([&] {
    const Descriptor fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    char answer[256];
    return connect_to(fd, &address, sizeof address) &&
           send(fd.get(), kRequest.data(), kRequest.size(), MSG_NOSIGNAL) > 0 &&
           recv(fd.get(), answer, sizeof answer, 0) > 0;
  });
}

}  // namespace benchmarks
