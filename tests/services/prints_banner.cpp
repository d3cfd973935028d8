// Prints --banner (default "ready to accept") and waits for signals.
//   --times=N           N times
//   --filler=MIB        that much other output before it
//   --in-two-writes     the second half some time after the first
//   --without-newline   nothing follows the banner
//   --crlf              lines end with CR LF
//   --to-stderr
#include "service.hpp"

int main(int argc, char** argv) {
  const service::Arguments arguments(argc, argv);
  const int fd = arguments.has("--to-stderr") ? STDERR_FILENO : STDOUT_FILENO;
  service::WaitForGo(arguments);

  const std::string line(1023, '.');
  std::string block;
  for (int i = 0; i < 1024; ++i) block += line + "\n";
  for (long i = 0; i < arguments.number("--filler"); ++i) service::Write(fd, block);

  const std::string banner = arguments.get("--banner", "ready to accept");
  std::string end = arguments.has("--crlf") ? "\r\n" : "\n";
  if (arguments.has("--without-newline")) end.clear();
  for (long i = 0; i < arguments.number("--times", 1); ++i) {
    service::SayWhen(arguments, STDERR_FILENO);
    if (arguments.has("--in-two-writes")) {
      service::Write(fd, banner.substr(0, banner.size() / 2));
      service::Sleep(30);
      service::Write(fd, banner.substr(banner.size() / 2) + end);
    } else {
      service::Write(fd, banner + end);
    }
  }
  service::WaitForSignals();
}
