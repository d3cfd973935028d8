// Publishes the services of a group to other programs (service_record.hpp), and serves requests.
#ifndef MIRAKURU_COMMAND_SRC_DAEMON_HPP_
#define MIRAKURU_COMMAND_SRC_DAEMON_HPP_

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/unique_fd.hpp"
#include "base/waiting.hpp"
#include "clients.hpp"
#include "group.hpp"

namespace mirakuru::command {

// Throws AlreadyRunning if the directory has the record of a running service of that name.
void require_not_running(const std::string& name, const std::string& directory);

class Daemon {
 public:
  // For a group that is ready. `owner`: the process whose end stops the services, for their
  // records. Throws std::system_error, and AlreadyRunning if another daemon has published the same
  // name.
  Daemon(Group& group, std::string directory, pid_t owner);
  ~Daemon();
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  // Adds what wakes up when there is a request to serve.
  void wait_on(detail::WaitSet& set) const;
  // Serves one request, if there is one. True: it asks to stop, and stop() will answer it.
  bool serve();

  // Stops the services, and saves their output in the directory (redis.stdout.log). Returns the
  // errors of services that did not stop cleanly.
  std::vector<std::string> stop();

 private:
  void withdraw_all();

  Group& group_;
  std::string directory_;
  std::string path_;
  detail::UniqueFd socket_;
  detail::UniqueFd stop_request_;  // the connection that waits for the answer of stop()
  Clients clients_;
};

}  // namespace mirakuru::command

#endif  // MIRAKURU_COMMAND_SRC_DAEMON_HPP_
