// Listens on the unix socket --path ("@name": an abstract one) after WaitForGo(). An existing
// socket file is removed first, as servers do.
//   --bind-only   does not listen
#include <sys/socket.h>
#include <sys/un.h>

#include <cstddef>

#include "tcp.hpp"

int main(int argc, char** argv) {
  const service::Arguments arguments(argc, argv);
  const std::string path = arguments.get("--path");
  service::WaitForGo(arguments);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    errno = ENAMETOOLONG;
    service::Fail(path.c_str());
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
  if (path[0] == '@') {
    address.sun_path[0] = '\0';
  } else {
    unlink(path.c_str());
    ++size;
  }
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0) service::Fail("bind");
  if (arguments.has("--bind-only")) service::WaitForSignals();
  if (listen(fd, 64) != 0) service::Fail("listen");
  service::SayWhen(arguments, STDOUT_FILENO);
  service::AcceptAndHangUp(fd);
}
