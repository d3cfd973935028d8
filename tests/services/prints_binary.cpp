// Prints to --to (stdout, or stderr) what a terminal should not get: every byte value, invalid
// UTF-8, escape sequences, a line of 100,000 bytes; then exits with --code.
#include "service.hpp"

int main(int argc, char** argv) {
  const service::Arguments arguments(argc, argv);
  const int fd = arguments.get("--to") == "stderr" ? STDERR_FILENO : STDOUT_FILENO;
  std::string bytes;
  for (int c = 0; c < 256; ++c) bytes += static_cast<char>(c);
  service::Write(fd, bytes + "\n");
  service::Write(fd,
                 "\x1b[31mred\x1b[0m \x1b]0;title\x07 ]]> <&> \xc3\x28 \xed\xa0\x80 gr\xc3\xbc\n");
  service::Write(fd, std::string(100000, 'L') + "\n");
  service::Write(fd, "the end\n");
  if (arguments.has("--code")) _exit(static_cast<int>(arguments.number("--code")));
  service::WaitForSignals();
}
