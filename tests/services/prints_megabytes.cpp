// Prints "first line", --mib MiB of numbered lines of 64 bytes, "last line", and then waits for
// signals.
#include "service.hpp"

int main(int argc, char** argv) {
  const service::Arguments arguments(argc, argv);
  constexpr int kLength = 64;
  const long lines = arguments.number("--mib") * (1 << 20) / kLength;
  service::Print("first line\n");
  std::string block;
  for (long i = 0; i < lines; ++i) {
    std::string line = "line " + std::to_string(i) + " ";
    line.resize(kLength - 1, '.');
    block += line + "\n";
    if (block.size() >= 1 << 16) {
      service::Print(block);
      block.clear();
    }
  }
  service::Print(block + "last line\n");
  service::WaitForSignals();
}
