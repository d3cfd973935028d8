// Prints "ready to accept" with printf and never flushes, as many programs do: with a pipe,
// the output is visible only at the end.
#include "service.hpp"

int main() {
  std::printf("ready to accept\n");
  service::WaitForSignals();
}
