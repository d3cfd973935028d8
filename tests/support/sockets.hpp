// Sockets of the test program, which is a foreign process to the executors under test.
#ifndef MIRAKURU_TESTS_SUPPORT_SOCKETS_HPP_
#define MIRAKURU_TESTS_SUPPORT_SOCKETS_HPP_

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <stdexcept>
#include <string>
#include <utility>

namespace mirakuru::tests {

class Socket {
 public:
  explicit Socket(int family, int type = SOCK_STREAM)
      : fd_(socket(family, type | SOCK_CLOEXEC, 0)) {
    if (fd_ < 0) throw std::runtime_error("no socket");
  }
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  ~Socket() {
    if (fd_ >= 0) close(fd_);
  }
  Socket& operator=(Socket&&) = delete;

  int fd() const { return fd_; }

  bool reuse_address() const {
    const int on = 1;
    return setsockopt(fd_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0;
  }
  // A port of 127.0.0.1.
  bool bind(int port) const {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<in_port_t>(port));
    return ::bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  bool listen() const { return ::listen(fd_, 16) == 0; }
  int port() const {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
  }

 private:
  int fd_;
};

// Listens on 127.0.0.1, by default on a free port.
inline Socket Listener(int port = 0) {
  Socket socket(AF_INET);
  socket.reuse_address();
  if (!socket.bind(port) || !socket.listen()) throw std::runtime_error("cannot listen");
  return socket;
}

// Reserves a port of 127.0.0.1: only a service that sets SO_REUSEADDR can listen on it.
class FreePort {
 public:
  FreePort() : socket_(AF_INET) {
    socket_.reuse_address();
    if (!socket_.bind(0)) throw std::runtime_error("no free port");
  }
  int number() const { return socket_.port(); }
  std::string text() const { return std::to_string(number()); }

 private:
  Socket socket_;
};

inline bool Connects(const std::string& host, int port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST;
  addrinfo* address = nullptr;
  if (getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &address) != 0) return false;
  const Socket socket(address->ai_family);
  const bool connected = connect(socket.fd(), address->ai_addr, address->ai_addrlen) == 0;
  freeaddrinfo(address);
  return connected;
}

// A listening (or only bound) unix socket. The destructor does not delete its file.
inline Socket UnixListener(const std::string& path, bool listening = true, int type = SOCK_STREAM) {
  Socket socket(AF_UNIX, type);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
  if (path[0] == '@') {
    address.sun_path[0] = '\0';
  } else {
    ++size;
  }
  if (bind(socket.fd(), reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      (listening && !socket.listen())) {
    throw std::runtime_error("cannot listen on " + path);
  }
  return socket;
}

// `type`: SOCK_STREAM, SOCK_DGRAM or SOCK_SEQPACKET.
inline bool ConnectsToUnixSocket(const std::string& path, int type) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  const int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
  const bool connected =
      connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  close(fd);
  return connected;
}

}  // namespace mirakuru::tests

#endif  // MIRAKURU_TESTS_SUPPORT_SOCKETS_HPP_
