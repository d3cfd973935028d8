// Makes the services of a group known to other programs (announcement.hpp), and answers them.
#ifndef MIRAKURU_COMMAND_SRC_KEEPER_HPP_
#define MIRAKURU_COMMAND_SRC_KEEPER_HPP_

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/unique_fd.hpp"
#include "base/waiting.hpp"
#include "group.hpp"
#include "users.hpp"

namespace mirakuru::command {

// Throws AlreadyRunning where a service of that name is announced in the folder.
void refuse_second(const std::string& name, const std::string& folder);

class Keeper {
 public:
  // Of services that are ready. `owner`: the process whose end is theirs. Throws std::system_error,
  // and AlreadyRunning where somebody else was faster.
  Keeper(Group& group, std::string folder, pid_t owner);
  ~Keeper();
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;

  // Wakes up when there is something to serve.
  void wait_on(detail::WaitSet& set) const;
  // Answers a question, where there is one. True: it was to stop; stop() answers that.
  bool serve();

  // Stops the services, and leaves what they printed in the folder: redis.stdout.log. Returns what
  // did not end well.
  std::vector<std::string> stop();

 private:
  void take_back_all();

  Group& group_;
  std::string folder_;
  std::string path_;
  detail::UniqueFd socket_;
  detail::UniqueFd asker_;  // who asked to stop
  Users users_;
};

}  // namespace mirakuru::command

#endif  // MIRAKURU_COMMAND_SRC_KEEPER_HPP_
