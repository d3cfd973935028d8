// Prints "ready to accept" with printf and never flushes, as many programs do: through a pipe
// nobody sees it before the end.
#include "service.hpp"

int main() {
  std::printf("ready to accept\n");
  service::WaitForSignals();
}
