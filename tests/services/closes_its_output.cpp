// Says "closing", closes stdout and stderr, and lives on.
#include "service.hpp"

int main() {
  service::Print("closing\n");
  close(STDOUT_FILENO);
  close(STDERR_FILENO);
  service::WaitForSignals();
}
