// mirakuru reap: ends services that nobody owns any more. The supervisor leaves none; this is for
// where it was killed, too.
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"
#include "base/text.hpp"
#include "base/unique_fd.hpp"
#include "base/waiting.hpp"
#include "commands.hpp"
#include "flags.hpp"
#include "mirakuru/ctest.hpp"
#include "running_services.hpp"

namespace mirakuru::command {
namespace {

constexpr std::chrono::milliseconds kGrace(2000);

struct Orphan {
  pid_t pid;
  detail::UniqueFd fd;  // so that its number is not somebody else's meanwhile
};

void signal_all(const std::vector<Orphan>& orphans, int signal) {
  for (const Orphan& orphan : orphans) {
    syscall(SYS_pidfd_send_signal, orphan.fd.get(), signal, nullptr, 0);
  }
}

// Returns when all of them have ended, or after the grace.
void wait_for(const std::vector<Orphan>& orphans) {
  const detail::Deadline deadline = detail::Deadline::after(kGrace);
  for (const Orphan& orphan : orphans) {
    pollfd ended{orphan.fd.get(), POLLIN, 0};
    poll(&ended, 1, static_cast<int>(deadline.remaining().count()));
  }
}

int reap(Words words) {
  take_options(words, {"dry_run"});
  if (!words.empty()) throw UsageError("reap takes no names");
  std::vector<Orphan> orphans;
  for (const RunningService& service : running_services(ctest::fixtures_directory())) {
    if (service.owner_lives) continue;
    for (const pid_t pid : service.pids) {
      std::printf("%s (pid %d), whose owner, process %d, is gone\n",
                  detail::readable(service.name).c_str(), pid, service.owner);
      orphans.push_back({pid, detail::UniqueFd(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)))});
    }
  }
  std::fflush(stdout);
  if (absl::GetFlag(FLAGS_dry_run)) return 0;
  signal_all(orphans, SIGTERM);
  wait_for(orphans);
  signal_all(orphans, SIGKILL);
  return 0;
}

}  // namespace

const Subcommand kReap{
    "reap",
    "reap [--dry-run]",
    "end services whose owner is gone",
    "Finds the user's own processes by their mark (the variable mirakuru_uuid), shows those whose\n"
    "owner is gone, and ends them: SIGTERM, and after two seconds SIGKILL.",
    {"dry_run"},
    reap};

}  // namespace mirakuru::command
