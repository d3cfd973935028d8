// mirakuru logs: what a running service has printed.
#include <chrono>
#include <cstdio>
#include <string>

#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"
#include "commands.hpp"
#include "flags.hpp"
#include "mirakuru/ctest.hpp"
#include "mirakuru/errors.hpp"

namespace mirakuru::command {
namespace {

// How long it takes at the most to notice that the service is no longer kept.
constexpr std::chrono::milliseconds kLook(500);

int logs(Words words) {
  take_options(words, {"folder", "follow", "err"});
  // Behind the name, too.
  const Words name(words.begin(), words.empty() ? words.begin() : words.begin() + 1);
  words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(name.size()));
  if (name.empty()) throw UsageError("logs NAME");
  if (!words.empty()) throw UsageError("logs [OPTION...] NAME: options come before the name");
  use_folder_option();
  const auto fixture = ctest::find_fixture(name[0]);
  if (fixture == nullptr) {
    throw ExecutorError(absl::StrCat("no service '", name[0], "' runs: none is announced in ",
                                     ctest::fixtures_folder()));
  }
  Output& output = absl::GetFlag(FLAGS_err) ? fixture->err_output() : fixture->output();
  if (!absl::GetFlag(FLAGS_follow)) {
    std::fputs(output.text().c_str(), stdout);
    return 0;
  }
  for (bool more = true; more;) {
    try {
      const auto line = output.read_line(kLook);
      std::printf("%s\n", line->c_str());
      std::fflush(stdout);
    } catch (const TimeoutExpired&) {
      more = ctest::find_fixture(name[0]) != nullptr;
    }
  }
  return 0;
}

}  // namespace

const Subcommand kLogs{"logs",
                       "logs [--folder=...] [--follow] [--err] NAME",
                       "print what a running service has printed",
                       "Its stdout, or with --err its stderr.",
                       {"folder", "follow", "err"},
                       logs};

}  // namespace mirakuru::command
