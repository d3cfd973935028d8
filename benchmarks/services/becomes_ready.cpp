// becomes_ready MOMENTS DELAY_US tcp PORT | http PORT | unix PATH | pid_file PATH | output BANNER
//
// After the delay it gets ready in that way, and exits with 0 at SIGTERM or SIGINT. Records the
// time (see moments.hpp): immediately after listen, or before it prints its banner or creates its
// pid file.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "moments.hpp"

namespace {

benchmarks::Moments* moments = nullptr;

void end(int) {
  moments->ended = benchmarks::now_ns();
  _exit(0);
}

void tell_ready() { moments->ready = benchmarks::now_ns(); }

[[noreturn]] void fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

// The listening socket.
int listen_at(int family, const void* address, std::size_t size) {
  const int fd = socket(family, SOCK_STREAM, 0);
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(fd, static_cast<const sockaddr*>(address), static_cast<socklen_t>(size)) != 0) {
    fail("bind");
  }
  if (listen(fd, 16) != 0) fail("listen");
  tell_ready();
  return fd;
}

int listen_on_port(const char* port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<in_port_t>(std::atoi(port)));
  return listen_at(AF_INET, &address, sizeof address);
}

// Answers every request with 200.
[[noreturn]] void serve_http(int listening) {
  constexpr char kAnswer[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
  while (true) {
    const int fd = accept(listening, nullptr, nullptr);
    char request[4096];
    if (read(fd, request, sizeof request) > 0) {
      (void)!send(fd, kAnswer, sizeof kAnswer - 1, MSG_NOSIGNAL);
    }
    close(fd);
  }
}

void listen_on_unix_socket(const char* path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path, sizeof address.sun_path - 1);
  listen_at(AF_UNIX, &address, sizeof address);
}

void write_pid_file(const std::string& path) {
  const std::string unfinished = path + ".new";
  std::FILE* file = std::fopen(unfinished.c_str(), "w");
  if (file == nullptr) fail(unfinished.c_str());
  std::fprintf(file, "%d\n", getpid());
  std::fclose(file);
  tell_ready();
  if (std::rename(unfinished.c_str(), path.c_str()) != 0) fail(path.c_str());
}

void print_banner(const std::string& banner) {
  const std::string line = banner + "\n";
  tell_ready();
  if (write(STDOUT_FILENO, line.data(), line.size()) < 0) fail("write");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  moments = benchmarks::map_moments(argv[1]);
  if (moments == nullptr) fail(argv[1]);
  std::signal(SIGTERM, &end);
  std::signal(SIGINT, &end);
  usleep(static_cast<useconds_t>(std::atoi(argv[2])));

  const std::string way = argv[3];
  if (way == "tcp") {
    listen_on_port(argv[4]);
  } else if (way == "http") {
    serve_http(listen_on_port(argv[4]));
  } else if (way == "unix") {
    listen_on_unix_socket(argv[4]);
  } else if (way == "pid_file") {
    write_pid_file(argv[4]);
  } else {
    print_banner(argv[4]);
  }
  while (true) pause();
}
