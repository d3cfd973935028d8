// prints_a_lot MIB: prints MIB MiB of lines, then the line "ready"; ends by SIGTERM.
#include <unistd.h>

#include <cstdlib>
#include <string>

namespace {

void print(const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t size = write(STDOUT_FILENO, text.data() + at, text.size() - at);
    if (size <= 0) std::exit(1);
    at += static_cast<std::size_t>(size);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  std::string block;
  while (block.size() < 1 << 16) block += std::string(127, '.') + "\n";
  for (int i = 0; i < std::atoi(argv[1]) * 16; ++i) print(block);
  print("ready\n");
  while (true) pause();
}
