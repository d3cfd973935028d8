// Programs that use a daemon's services and are watched by it: a client that is killed by a signal
// cannot show what its services have printed, so the daemon does.
#ifndef MIRAKURU_COMMAND_SRC_CLIENTS_HPP_
#define MIRAKURU_COMMAND_SRC_CLIENTS_HPP_

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/unique_fd.hpp"
#include "base/waiting.hpp"
#include "group.hpp"

namespace mirakuru::command {

class Clients {
 public:
  explicit Clients(const Group& group) : group_(group) {}

  // A client's connection, its request (detail::kWatchClient) and its stderr. An invalid request,
  // or a client for which there is no pidfd, is ignored.
  void add(detail::UniqueFd connection, std::string_view request, detail::UniqueFd err);
  // Wakes up when one of them ends.
  void wait_on(detail::WaitSet& set) const;
  // Shows the output for clients that ended without unregistering, and forgets all that ended.
  void handle_ended();

 private:
  struct Client {
    detail::UniqueFd connection;
    detail::UniqueFd process;
    detail::UniqueFd err;
    SimpleExecutor* service;
    std::uint64_t mark;
    std::uint64_t err_mark;
  };
  static void show_output(const Client& client);

  const Group& group_;
  std::vector<Client> clients_;
};

}  // namespace mirakuru::command

#endif  // MIRAKURU_COMMAND_SRC_CLIENTS_HPP_
