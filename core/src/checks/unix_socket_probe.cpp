#include "checks/unix_socket_probe.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <stdexcept>

#include "absl/strings/str_cat.h"
#include "base/text.hpp"
#include "base/unix_address.hpp"
#include "linux/listeners.hpp"
#include "mirakuru/errors.hpp"
#include "resources/placeholders.hpp"

namespace mirakuru::detail {
namespace {

constexpr std::size_t kLongestPath = UnixAddress::kLongestPath;

bool is_abstract(const std::string& path) { return path.front() == '@'; }

}  // namespace

void validate_socket_path(const std::string& path, const std::string& where) {
  if (path.empty()) throw std::invalid_argument(where + ": the path of the socket is empty");
  const bool has_placeholders = fill_in_samples(path) != path;
  if (!has_placeholders && path.size() > kLongestPath) {
    throw std::invalid_argument(absl::StrCat(where, ": the path of the socket has ", path.size(),
                                             " bytes; the maximum is ", kLongestPath, ": ",
                                             readable(path)));
  }
}

UnixSocketProbe::UnixSocketProbe(const ProbeContext& context, const std::string& path)
    : context_(context), path_(path), watch_(path) {
  if (path_.size() > kLongestPath) {
    throw ExecutorError(absl::StrCat(
        context.name(), ": the path of its socket has ", path_.size(), " bytes; the maximum is ",
        kLongestPath, " (MIRAKURU_DIR can make {tmpdir} shorter): ", readable(path_)));
  }
}

int UnixSocketProbe::connect_to_it(UniqueFd& socket) const {
  std::string path = path_;
  if (is_abstract(path)) path.front() = '\0';
  const UnixAddress address(path);
  socket.reset(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) return errno;
  return ::connect(socket.get(), address.get(), address.size()) == 0 ? 0 : errno;
}

std::optional<std::string> UnixSocketProbe::already_running() {
  UniqueFd socket;
  if (connect_to_it(socket) != 0) return std::nullopt;  // perhaps a leftover of an earlier run
  const os::Listener listener = os::unix_listener(socket.get(), 0);
  return absl::StrCat(listener.ownership == os::Listener::Ownership::foreign
                          ? os::describe_foreign_process(listener)
                          : "a process",
                      " listens on ", readable(path_));
}

bool UnixSocketProbe::ready() {
  watch_.rearm();
  UniqueFd socket;
  const int error = connect_to_it(socket);
  met_foreign_process_ = false;
  // EAGAIN: its queue is full, so something listens.
  if (error == 0 || error == EAGAIN) {
    if (error == EAGAIN || !context_.options().verify_listener || context_.options().launcher) {
      return true;
    }
    const os::Listener listener = os::unix_listener(socket.get(), context_.root_process());
    if (listener.ownership != os::Listener::Ownership::foreign) return true;
    met_foreign_process_ = true;
    last_answer_ = absl::StrCat("a foreign process listens on ", readable(path_), ": ",
                                os::describe_foreign_process(listener));
  } else {
    last_answer_ = absl::StrCat(readable(path_), ": ", errno_in_words(error));
  }
  const bool was_there = there_;
  there_ = error != ENOENT || is_abstract(path_) || !watch_.works();
  // It has just been bound: listen(2) follows at once, however long the service took before.
  if (there_ && !was_there) backoff_ = Backoff::of_cheap_tries();
  backoff_.tried();
  return false;
}

void UnixSocketProbe::wait_on(WaitSet& set) {
  // The kernel reports nothing between bind(2), which makes the file, and listen(2).
  if (there_) set.wake_at(backoff_.next());
  watch_.wait_on(set);
}

}  // namespace mirakuru::detail
