// Programs that use a daemon's services, and have asked it to look after them: where one ends by a
// signal, say, it could not show itself what its services printed meanwhile.
#ifndef MIRAKURU_COMMAND_SRC_USERS_HPP_
#define MIRAKURU_COMMAND_SRC_USERS_HPP_

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

  // Who is connected, with its request (detail::kWatchClient) and its stderr. One that asks for
  // what is not there, or whose end the system does not tell, is not looked after.
  void add(detail::UniqueFd connection, std::string_view request, detail::UniqueFd err);
  // Wakes up when one of them ends.
  void wait_on(detail::WaitSet& set) const;
  // Lets go of those that have ended.
  void look();

 private:
  struct User {
    detail::UniqueFd connection;
    detail::UniqueFd process;
    detail::UniqueFd err;
    SimpleExecutor* service;
    std::uint64_t mark;
    std::uint64_t err_mark;
  };
  static void show_output(const User& user);

  const Group& group_;
  std::vector<User> clients_;
};

}  // namespace mirakuru::command

#endif  // MIRAKURU_COMMAND_SRC_USERS_HPP_
