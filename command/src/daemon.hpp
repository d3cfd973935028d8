// Makes the services of a group known to other programs (service_record.hpp), and answers them.
#ifndef MIRAKURU_COMMAND_SRC_KEEPER_HPP_
#define MIRAKURU_COMMAND_SRC_KEEPER_HPP_

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/unique_fd.hpp"
#include "base/waiting.hpp"
#include "clients.hpp"
#include "group.hpp"

namespace mirakuru::command {

// Throws AlreadyRunning where a service of that name is announced in the directory.
void refuse_second(const std::string& name, const std::string& directory);

class Daemon {
 public:
  // Of services that are ready. `owner`: the process whose end is theirs. Throws std::system_error,
  // and AlreadyRunning where somebody else was faster.
  Daemon(Group& group, std::string directory, pid_t owner);
  ~Daemon();
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  // Wakes up when there is something to serve.
  void wait_on(detail::WaitSet& set) const;
  // Answers a question, where there is one. True: it was to stop; stop() answers that.
  bool serve();

  // Stops the services, and leaves what they printed in the directory: redis.stdout.log. Returns
  // what did not end well.
  std::vector<std::string> stop();

 private:
  void withdraw_all();

  Group& group_;
  std::string directory_;
  std::string path_;
  detail::UniqueFd socket_;
  detail::UniqueFd asker_;  // who asked to stop
  Clients clients_;
};

}  // namespace mirakuru::command

#endif  // MIRAKURU_COMMAND_SRC_KEEPER_HPP_
