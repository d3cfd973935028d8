// mirakuru reap: ends services whose owner has ended. The supervisor leaves none, unless it was
// killed together with a shepherd.
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "base/text.hpp"
#include "base/unique_fd.hpp"
#include "base/waiting.hpp"
#include "commands.hpp"
#include "flags.hpp"
#include "linux/pidfd.hpp"
#include "mirakuru/ctest.hpp"
#include "running_services.hpp"

namespace mirakuru::command {
namespace {

constexpr std::chrono::milliseconds kGrace(2000);

struct Orphan {
  pid_t pid;
  detail::UniqueFd fd;  // signals go to this process, even if its pid is used again
};

void signal_all(const std::vector<Orphan>& orphans, int signal) {
  for (const Orphan& orphan : orphans) {
    syscall(SYS_pidfd_send_signal, orphan.fd.get(), signal, nullptr, 0);
  }
}

// Returns when all have ended, or after kGrace.
void wait_for(const std::vector<Orphan>& orphans) {
  const detail::Deadline deadline = detail::Deadline::after(kGrace);
  for (const Orphan& orphan : orphans) {
    pollfd ended{orphan.fd.get(), POLLIN, 0};
    poll(&ended, 1, static_cast<int>(deadline.remaining().count()));
  }
}

int reap(Words words) {
  take_options(words, {"dry_run"});
  if (!words.empty()) throw UsageError("reap: unexpected argument '" + words[0] + "'");
  std::vector<Orphan> orphans;
  for (const RunningService& service : running_services(ctest::fixtures_directory())) {
    if (service.owner_lives) continue;
    for (const pid_t pid : service.pids) {
      std::printf("%s (pid %d): its owner (pid %d) has ended\n",
                  detail::readable(service.name).c_str(), pid, service.owner);
      orphans.push_back({pid, detail::os::open_pidfd(pid)});
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
    "end services whose owner has ended",
    "Finds the user's own service processes by the environment variable mirakuru_uuid, prints "
    "those\n"
    "whose owner has ended, and ends them: SIGTERM, and after two seconds SIGKILL to those that "
    "are "
    "left.",
    {"dry_run"},
    reap};

}  // namespace mirakuru::command
