// Answers HTTP on --host:--port, or on --unix-socket=PATH, after WaitForGo().
//   --statuses=500,503,200   one for each request; the last one is repeated (200)
//   --location=URL           sent with every answer
//   --record=PATH            every request is appended there
//   --behave=garbage         its answers are not HTTP
//            silent          accepts, and never answers
//            endless-headers sends header after header
//            endless-body    sends body after body
//            endless-line    sends a header that never ends
//            endless-interim sends "100 Continue" repeatedly
//            endless-trailer sends header after header after its body
//            slow            sends its answer a byte at a time, one every 50 ms
//            hangs-up        closes the connection without an answer
//            dies            exits with 3, and leaves a child that holds the connection open
#include <sys/socket.h>
#include <sys/un.h>

#include <csignal>
#include <mutex>
#include <sstream>
#include <thread>

#include "tcp.hpp"

namespace {

std::mutex mutex;  // of the request count and the record
std::size_t requests = 0;

bool Send(int connection, std::string_view text) {
  return send(connection, text.data(), text.size(), MSG_NOSIGNAL) ==
         static_cast<ssize_t>(text.size());
}

// Empty if the client sent nothing.
std::string ReadRequest(int connection) {
  std::string request;
  char buffer[4096];
  std::size_t wanted = std::string::npos;
  while (request.size() < wanted) {
    const ssize_t size = recv(connection, buffer, sizeof buffer, 0);
    if (size <= 0) return {};
    request.append(buffer, static_cast<std::size_t>(size));
    const std::size_t end = request.find("\r\n\r\n");
    if (wanted != std::string::npos || end == std::string::npos) continue;
    wanted = end + 4;
    const std::size_t length = request.find("Content-Length: ");
    if (length < end) wanted += std::strtoul(request.c_str() + length + 16, nullptr, 10);
  }
  return request;
}

std::string StatusOf(const service::Arguments& arguments, std::size_t request) {
  std::istringstream statuses(arguments.get("--statuses", "200"));
  std::string status;
  std::string next;
  for (std::size_t i = 0; i <= request && std::getline(statuses, next, ','); ++i) status = next;
  return status;
}

void Serve(const service::Arguments& arguments, int connection) {
  const std::string request = ReadRequest(connection);
  if (request.empty()) return;
  std::string status;
  {
    const std::lock_guard<std::mutex> lock(mutex);
    status = StatusOf(arguments, requests++);
    if (arguments.has("--record")) {
      const int fd =
          open(arguments.get("--record").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
      service::Write(fd, request + "\n");
      close(fd);
    }
  }
  const std::string behaviour = arguments.get("--behave");
  std::string head = "HTTP/1.1 " + status + " Told So\r\n";
  if (arguments.has("--location")) head += "Location: " + arguments.get("--location") + "\r\n";
  const std::string answer = head + "Content-Length: 0\r\nConnection: close\r\n\r\n";
  if (behaviour == "silent") {
    char c;
    while (recv(connection, &c, 1, 0) > 0) {
    }
  } else if (behaviour == "garbage") {
    Send(connection, "220 mail.example ESMTP\r\nwhat do you want\r\n");
  } else if (behaviour == "endless-headers") {
    Send(connection, head);
    while (Send(connection, "X-Filler: " + std::string(200, 'f') + "\r\n")) {
    }
  } else if (behaviour == "endless-body") {
    Send(connection, head + "Connection: close\r\n\r\n");
    while (Send(connection, std::string(4096, 'b'))) {
    }
  } else if (behaviour == "endless-line") {
    Send(connection, head + "X-Filler: ");
    while (Send(connection, std::string(4096, 'f'))) {
    }
  } else if (behaviour == "endless-interim") {
    while (Send(connection, "HTTP/1.1 100 Continue\r\n\r\n")) {
    }
  } else if (behaviour == "endless-trailer") {
    Send(connection, head + "Transfer-Encoding: chunked\r\n\r\n0\r\n");
    while (Send(connection, "X-Filler: " + std::string(200, 'f') + "\r\n")) {
    }
  } else if (behaviour == "slow") {
    for (const char c : answer) {
      if (!Send(connection, std::string_view(&c, 1))) break;
      service::Sleep(50);
    }
  } else if (behaviour == "dies") {
    if (fork() != 0) _exit(3);
    service::WaitForSignals();
  } else if (behaviour != "hangs-up") {
    Send(connection, answer);
  }
}

int ListenOnUnixSocket(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) service::Fail("bind");
  if (listen(fd, 64) != 0) service::Fail("listen");
  return fd;
}

}  // namespace

int main(int argc, char** argv) {
  const service::Arguments arguments(argc, argv);
  service::WaitForGo(arguments);
  const int listener = arguments.has("--unix-socket")
                           ? ListenOnUnixSocket(arguments.get("--unix-socket"))
                           : service::ListenOnTcp(arguments, true);
  while (true) {
    const int connection = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) continue;
    std::thread([&arguments, connection] {
      Serve(arguments, connection);
      close(connection);
    }).detach();
  }
}
