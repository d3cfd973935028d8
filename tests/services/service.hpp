// What the services of the tests share. They do not use mirakuru. Each does what its name says,
// with arguments of the form --name=value. Unknown arguments are ignored, so that a test can mark
// its processes with one (see ../support/leftovers.hpp).
#ifndef MIRAKURU_TESTS_SERVICES_SERVICE_HPP_
#define MIRAKURU_TESTS_SERVICES_SERVICE_HPP_

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

namespace service {

class Arguments {
 public:
  Arguments(int argc, char** argv) : words_(argv + 1, argv + argc) {}

  bool has(std::string_view name) const {
    for (const std::string& word : words_) {
      if (word == name || word.rfind(std::string(name) + "=", 0) == 0) return true;
    }
    return false;
  }

  std::string get(std::string_view name, const std::string& otherwise = {}) const {
    const std::string prefix = std::string(name) + "=";
    for (const std::string& word : words_) {
      if (word.rfind(prefix, 0) == 0) return word.substr(prefix.size());
    }
    return otherwise;
  }

  long number(std::string_view name, long otherwise = 0) const {
    const std::string text = get(name);
    return text.empty() ? otherwise : std::strtol(text.c_str(), nullptr, 10);
  }

 private:
  std::vector<std::string> words_;
};

[[noreturn]] inline void Fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

// Writes to the descriptor directly, without a buffer.
inline void Write(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) std::exit(1);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

inline void Print(std::string_view text) { Write(STDOUT_FILENO, text); }

inline void Sleep(long milliseconds) {
  timespec left{milliseconds / 1000, milliseconds % 1000 * 1000000};
  while (nanosleep(&left, &left) != 0 && errno == EINTR) {
  }
}

[[noreturn]] inline void WaitForSignals() {
  while (true) pause();
}

// Waits for the test, depending on the arguments:
// --after-file=PATH: until the test creates that file.
// --after-line: until the test writes a line to stdin.
// --after-ms=N: for a time, if the test is blocked in start().
inline void WaitForGo(const Arguments& arguments) {
  if (const std::string path = arguments.get("--after-file"); !path.empty()) {
    while (access(path.c_str(), F_OK) != 0) Sleep(1);
  }
  if (arguments.has("--after-line")) {
    char c = 0;
    while (c != '\n' && read(STDIN_FILENO, &c, 1) == 1) {
    }
  }
  Sleep(arguments.number("--after-ms"));
}

// --say-when: prints the monotonic clock in nanoseconds, immediately before the event to measure
// from.
inline void SayWhen(const Arguments& arguments, int fd) {
  if (!arguments.has("--say-when")) return;
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  Write(fd, "at " + std::to_string(now.tv_sec * 1000000000LL + now.tv_nsec) + "\n");
}

// Atomically, as careful programs write their pid files.
inline void WriteFile(const std::string& path, const std::string& text) {
  const std::string temporary = path + "." + std::to_string(getpid());
  const int fd = open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) Fail(temporary.c_str());
  Write(fd, text);
  close(fd);
  if (rename(temporary.c_str(), path.c_str()) != 0) Fail(path.c_str());
}

}  // namespace service

#endif  // MIRAKURU_TESTS_SERVICES_SERVICE_HPP_
