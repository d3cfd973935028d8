// A listening TCP socket, for servers.
#ifndef MIRAKURU_TESTS_SERVICES_TCP_HPP_
#define MIRAKURU_TESTS_SERVICES_TCP_HPP_

#include <netdb.h>
#include <sys/socket.h>

#include "service.hpp"

namespace service {

// Listens on --host (127.0.0.1) and --port. On failure, prints the reason to stderr and exits
// with 1.
inline int ListenOnTcp(const Arguments& arguments, bool reuse_address) {
  const std::string host = arguments.get("--host", "127.0.0.1");
  const std::string port = arguments.get("--port");
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  addrinfo* address = nullptr;
  if (getaddrinfo(host.c_str(), port.c_str(), &hints, &address) != 0) {
    Write(STDERR_FILENO, "bad address " + host + ":" + port + "\n");
    std::exit(2);
  }
  const int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  if (reuse_address) setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(fd, address->ai_addr, address->ai_addrlen) != 0) Fail("bind");
  if (listen(fd, 64) != 0) Fail("listen");
  freeaddrinfo(address);
  return fd;
}

[[noreturn]] inline void AcceptAndHangUp(int listener) {
  while (true) {
    const int connection = accept(listener, nullptr, nullptr);
    if (connection >= 0) close(connection);
  }
}

}  // namespace service

#endif  // MIRAKURU_TESTS_SERVICES_TCP_HPP_
