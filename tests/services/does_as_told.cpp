// Prints "ready", then executes each line of its stdin:
//
//   print TEXT      complain TEXT (on stderr)      lines NUMBER      hex BYTES
//   make FILE       hold FILE (open until its end, for writing)
//   exit CODE       die SIGNAL
//
// --name=NAME --trace=FILE   "start NAME PID" and, at SIGTERM, "stop NAME PID" are appended
// --makes=FILE               created before any wait
// --complains=TEXT           printed to stderr immediately
// --never-ready              does not print "ready"
// --exit-with=CODE           at SIGTERM
// and those of WaitForGo.
#include <csignal>

#include "service.hpp"

namespace {

// For the signal handler, which can neither allocate nor format.
int trace = -1;
char stop_line[256];
int exit_code = 0;

void End(int) {
  if (trace >= 0 && write(trace, stop_line, strlen(stop_line)) < 0) _exit(1);
  _exit(exit_code);
}

std::string Unhex(const std::string& digits) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    bytes += static_cast<char>(std::strtol(digits.substr(i, 2).c_str(), nullptr, 16));
  }
  return bytes;
}

void Obey(const std::string& order, const std::string& what) {
  const int number = std::atoi(what.c_str());
  if (order == "print") service::Print(what + "\n");
  if (order == "complain") service::Write(STDERR_FILENO, what + "\n");
  if (order == "hex") service::Print(Unhex(what));
  if (order == "make") service::WriteFile(what, "");
  if (order == "hold" && open(what.c_str(), O_WRONLY | O_CLOEXEC) < 0) service::Fail(what.c_str());
  if (order == "exit") std::exit(number);
  if (order == "die") raise(number);
  if (order == "lines") {
    std::string lines;
    for (int i = 1; i <= number; ++i) lines += "line " + std::to_string(i) + "\n";
    service::Print(lines);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const service::Arguments arguments(argc, argv);
  const std::string whose = arguments.get("--name") + " " + std::to_string(getpid()) + "\n";
  exit_code = static_cast<int>(arguments.number("--exit-with"));
  std::snprintf(stop_line, sizeof stop_line, "stop %s", whose.c_str());
  if (const std::string path = arguments.get("--trace"); !path.empty()) {
    trace = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (trace < 0) service::Fail(path.c_str());
  }
  std::signal(SIGTERM, End);
  if (trace >= 0) service::Write(trace, "start " + whose);

  if (const std::string path = arguments.get("--makes"); !path.empty()) {
    service::WriteFile(path, "");
  }
  if (arguments.has("--complains")) {
    service::Write(STDERR_FILENO, arguments.get("--complains") + "\n");
  }
  service::WaitForGo(arguments);
  if (!arguments.has("--never-ready")) service::Print("ready\n");

  std::string line;
  char c = 0;
  while (read(STDIN_FILENO, &c, 1) == 1) {
    if (c != '\n') {
      line += c;
      continue;
    }
    const std::size_t space = line.find(' ');
    Obey(line.substr(0, space), space == std::string::npos ? "" : line.substr(space + 1));
    line.clear();
  }
  service::WaitForSignals();
}
