#include "mirakuru/exit_status.hpp"

#include <sys/wait.h>

#include <ostream>

#include "absl/strings/str_cat.h"
#include "base/text.hpp"

namespace mirakuru {

ExitStatus ExitStatus::from_wait_status(int wait_status) { return ExitStatus(wait_status); }

bool ExitStatus::exited() const { return WIFEXITED(wait_status_); }
int ExitStatus::code() const { return exited() ? WEXITSTATUS(wait_status_) : 0; }
bool ExitStatus::signaled() const { return WIFSIGNALED(wait_status_); }
int ExitStatus::signal() const { return signaled() ? WTERMSIG(wait_status_) : 0; }
int ExitStatus::returncode() const { return signaled() ? -signal() : code(); }

std::string ExitStatus::to_string() const {
  if (!signaled()) return absl::StrCat("exited with ", code());
  return absl::StrCat("killed by signal ", signal(), " (", detail::signal_name(signal()), ")",
                      WCOREDUMP(wait_status_) ? ", core dumped" : "");
}

std::ostream& operator<<(std::ostream& out, const ExitStatus& status) {
  return out << status.to_string();
}

}  // namespace mirakuru
