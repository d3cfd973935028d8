// Connects until the service's own socket accepts. Used by UnixSocketCheck, and by HttpCheck before
// its request.
#ifndef MIRAKURU_CORE_SRC_CHECKS_UNIX_SOCKET_PROBE_HPP_
#define MIRAKURU_CORE_SRC_CHECKS_UNIX_SOCKET_PROBE_HPP_

#include <optional>
#include <string>

#include "base/unique_fd.hpp"
#include "checks/probe.hpp"
#include "linux/file_watch.hpp"

namespace mirakuru::detail {

class UnixSocketProbe : public Probe {
 public:
  // `path` has its placeholders filled in. Throws ExecutorError if it is longer than the system
  // allows (107 bytes, unix(7)).
  UnixSocketProbe(const ProbeContext& context, const std::string& path);

  std::optional<std::string> already_running() override;
  bool ready() override;
  void wait_on(WaitSet& set) override;
  std::string last_answer() const override { return last_answer_; }
  bool met_foreign_process() const override { return met_foreign_process_; }

 private:
  // 0, or an errno.
  int connect_to_it(UniqueFd& socket) const;

  const ProbeContext& context_;
  std::string path_;
  os::FileWatch watch_;
  bool there_ = false;  // from then on no event reports listen(2), so it is polled
  Backoff backoff_ = Backoff::of_cheap_tries();
  std::string last_answer_;
  bool met_foreign_process_ = false;
};

// Rejects an empty path and one that can never be valid.
void validate_socket_path(const std::string& path, const std::string& where);

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_CHECKS_UNIX_SOCKET_PROBE_HPP_
