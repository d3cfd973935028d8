// Listens on --host:--port without SO_REUSEADDR: the port must be free.
// --taken-the-first-times=N --count-file=PATH: behaves as if it was in use in the first N runs.
#include "tcp.hpp"

int main(int argc, char** argv) {
  const service::Arguments arguments(argc, argv);
  if (const std::string path = arguments.get("--count-file"); !path.empty()) {
    const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (fd < 0) service::Fail(path.c_str());
    service::Write(fd, "x");
    struct stat file {};
    fstat(fd, &file);
    if (file.st_size <= arguments.number("--taken-the-first-times")) {
      errno = EADDRINUSE;
      service::Fail("bind");
    }
  }
  service::AcceptAndHangUp(service::ListenOnTcp(arguments, false));
}
