// Writes its pid to --path after WaitForGo(). --in-place: into the existing file, without
// replacing it.
#include "service.hpp"

int main(int argc, char** argv) {
  const service::Arguments arguments(argc, argv);
  const std::string path = arguments.get("--path");
  const std::string text = std::to_string(getpid()) + "\n";
  service::WaitForGo(arguments);
  if (arguments.has("--in-place")) {
    const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0) service::Fail(path.c_str());
    service::Write(fd, text);
    close(fd);
  } else {
    service::WriteFile(path, text);
  }
  service::WaitForSignals();
}
