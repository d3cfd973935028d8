// Prints "closing", closes stdout and stderr, and keeps running.
#include "service.hpp"

int main() {
  service::Print("closing\n");
  close(STDOUT_FILENO);
  close(STDERR_FILENO);
  service::WaitForSignals();
}
