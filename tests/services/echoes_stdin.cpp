// Copies stdin to stdout; at its end prints "end of stdin" and exits with 0.
#include "service.hpp"

int main() {
  char buffer[4096];
  while (true) {
    const ssize_t size = read(STDIN_FILENO, buffer, sizeof buffer);
    if (size < 0) service::Fail("read");
    if (size == 0) break;
    service::Print(std::string_view(buffer, static_cast<std::size_t>(size)));
  }
  service::Print("end of stdin\n");
}
