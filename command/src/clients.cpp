#include "clients.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "base/write_without_signal.hpp"
#include "linux/pidfd.hpp"
#include "show_output.hpp"

namespace mirakuru::command {
namespace {

// How long a client's stderr, a pipe perhaps, may stay full.
constexpr std::chrono::milliseconds kPatience(1000);

detail::UniqueFd process_of(const detail::UniqueFd& connection) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (getsockopt(connection.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return {};
  return detail::os::open_pidfd(peer.pid);
}

}  // namespace

void Clients::add(detail::UniqueFd connection, std::string_view request, detail::UniqueFd err) {
  const std::vector<std::string> fields = absl::StrSplit(std::string(request), '\t');
  Client client{std::move(connection), {}, std::move(err), nullptr, 0, 0};
  if (fields.size() != 4 || !absl::SimpleAtoi(fields[2], &client.mark) ||
      !absl::SimpleAtoi(fields[3], &client.err_mark)) {
    return;
  }
  for (SimpleExecutor* executor : group_.started()) {
    if (executor->name() == fields[1]) client.service = executor;
  }
  client.process = process_of(client.connection);
  if (client.service != nullptr && client.process && client.err)
    clients_.push_back(std::move(client));
}

void Clients::wait_on(detail::WaitSet& set) const {
  for (const Client& client : clients_) set.add(client.process.get());
}

void Clients::handle_ended() {
  const auto ended = std::partition(clients_.begin(), clients_.end(), [](const Client& client) {
    return !detail::ready_to_read(client.process.get());
  });
  for (auto client = ended; client != clients_.end(); ++client) {
    char message = 0;  // it sends detail::kUnregister and nothing else
    if (recv(client->connection.get(), &message, 1, MSG_DONTWAIT) <= 0) show_output(*client);
  }
  clients_.erase(ended, clients_.end());
}

void Clients::show_output(const Client& client) {
  detail::write_all(
      client.err.get(),
      detail::printed_meanwhile(client.service->name(), client.service->output(), client.mark,
                                client.service->err_output(), client.err_mark),
      kPatience);
}

}  // namespace mirakuru::command
