// Prints lines as fast as it can, forever.
#include "service.hpp"

int main() {
  std::string block;
  for (int i = 0; i < 64; ++i) block += std::string(1023, 'x') + "\n";
  while (true) service::Print(block);
}
