// Uses sd_notify(3) after WaitForGo(): sends READY=1, or --instead (";" separates lines).
//   --from-a-child   the message comes from a child process
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cstddef>

#include "service.hpp"

int main(int argc, char** argv) {
  const service::Arguments arguments(argc, argv);
  const char* socket_path = std::getenv("NOTIFY_SOCKET");
  if (socket_path == nullptr) {
    service::Write(STDERR_FILENO, "NOTIFY_SOCKET is not set\n");
    return 1;
  }
  service::WaitForGo(arguments);
  if (arguments.has("--from-a-child") && fork() != 0) service::WaitForSignals();

  const std::string path = socket_path;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), std::min(path.size(), sizeof address.sun_path - 1));
  if (path[0] == '@') address.sun_path[0] = '\0';
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
  std::string message = arguments.get("--instead", "READY=1");
  std::replace(message.begin(), message.end(), ';', '\n');
  const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (sendto(fd, message.data(), message.size(), 0, reinterpret_cast<sockaddr*>(&address), size) <
      0) {
    service::Fail("sendto");
  }
  service::WaitForSignals();
}
