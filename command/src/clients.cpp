#include "clients.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "base/write_without_signal.hpp"
#include "show_output.hpp"

namespace mirakuru::command {
namespace {

// How long somebody may take to read what a user's stderr has no room for.
constexpr int kPatienceMs = 1000;

detail::UniqueFd process_behind(const detail::UniqueFd& connection) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (getsockopt(connection.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return {};
  return detail::UniqueFd(static_cast<int>(syscall(SYS_pidfd_open, peer.pid, 0)));
}

// Its mode is the user's own, and so it may block: poll(2) says when a part finds room.
void write_all(const detail::UniqueFd& fd, std::string_view text) {
  while (!text.empty()) {
    pollfd one{fd.get(), POLLOUT, 0};
    if (poll(&one, 1, kPatienceMs) <= 0) return;
    const ssize_t size = detail::write_without_signal(fd.get(), text.substr(0, PIPE_BUF));
    if (size < 0) return;
    text.remove_prefix(static_cast<std::size_t>(size));
  }
}

}  // namespace

void Clients::add(detail::UniqueFd connection, std::string_view request, detail::UniqueFd err) {
  const std::vector<std::string> fields = absl::StrSplit(std::string(request), '\t');
  User user{std::move(connection), {}, std::move(err), nullptr, 0, 0};
  if (fields.size() != 4 || !absl::SimpleAtoi(fields[2], &user.mark) ||
      !absl::SimpleAtoi(fields[3], &user.err_mark)) {
    return;
  }
  for (SimpleExecutor* executor : group_.started()) {
    if (executor->name() == fields[1]) user.service = executor;
  }
  user.process = process_behind(user.connection);
  if (user.service != nullptr && user.process && user.err) clients_.push_back(std::move(user));
}

void Clients::wait_on(detail::WaitSet& set) const {
  for (const User& user : clients_) set.add(user.process.get());
}

void Clients::look() {
  const auto ended = std::partition(clients_.begin(), clients_.end(), [](const User& user) {
    return !detail::ready_to_read(user.process.get());
  });
  for (auto user = ended; user != clients_.end(); ++user) {
    char goodbye = 0;
    if (recv(user->connection.get(), &goodbye, 1, MSG_DONTWAIT) <= 0) show_output(*user);
  }
  clients_.erase(ended, clients_.end());
}

void Clients::show_output(const User& user) {
  write_all(user.err,
            detail::printed_meanwhile(user.service->name(), user.service->output(), user.mark,
                                      user.service->err_output(), user.err_mark));
}

}  // namespace mirakuru::command
