// mirakuru logs: prints the output of a running service.
#include <chrono>
#include <cstdio>
#include <string>

#include "absl/flags/flag.h"
#include "commands.hpp"
#include "flags.hpp"
#include "linux/proc.hpp"
#include "mirakuru/ctest.hpp"
#include "mirakuru/errors.hpp"

namespace mirakuru::command {
namespace {

// The longest time to notice that the service was stopped, and for its last output to get to the
// log.
constexpr std::chrono::milliseconds kLook(500);

// The text may contain any byte.
void print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

bool is_stopped(const ctest::Fixture& fixture) {
  if (detail::os::alive(fixture.pid())) return false;
  const auto running = ctest::find_fixture(fixture.name());
  return running == nullptr || running->pid() != fixture.pid();
}

void follow(Output& output, const ctest::Fixture& fixture) {
  for (bool stopped = false;;) {
    try {
      print(*output.read_line(kLook) + '\n');
    } catch (const TimeoutExpired&) {
      if (stopped) return;
      stopped = is_stopped(fixture);
    }
  }
}

int logs(Words words) {
  take_options(words, {"directory", "follow", "err"});
  if (words.size() != 1) throw UsageError("logs [OPTION...] NAME");
  const std::string& name = words[0];
  use_directory_option();
  const auto fixture = require_fixture(name);
  Output& output = absl::GetFlag(FLAGS_err) ? fixture->err_output() : fixture->output();
  if (absl::GetFlag(FLAGS_follow)) {
    follow(output, *fixture);
  } else {
    print(output.text());
  }
  return 0;
}

}  // namespace

const Subcommand kLogs{
    "logs",
    "logs [--directory=...] [--follow] [--err] NAME",
    "print the output of a running service",
    "Prints what it has printed to stdout since its start, or with --err to stderr.",
    {"directory", "follow", "err"},
    logs};

}  // namespace mirakuru::command
