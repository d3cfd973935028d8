// A child process with the streams of this program.
#ifndef MIRAKURU_COMMAND_SRC_CHILD_HPP_
#define MIRAKURU_COMMAND_SRC_CHILD_HPP_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"

namespace mirakuru::command {

class Child {
 public:
  // Searches PATH as execvp(3) does. Sets `variables` in this process, too. No signal is blocked in
  // the child. Throws std::system_error that names the program.
  Child(const std::vector<std::string>& words, const std::map<std::string, std::string>& variables);
  // Kills it if it still runs.
  ~Child();

  // Readable when it has ended.
  int fd() const { return pidfd_.get(); }
  void send(int signal) const;
  // Waits for its end. Returns its exit code, or 128 + N if signal N ended it, as a shell does.
  int wait();

 private:
  struct Process;  // keeps Boost out of this header
  std::unique_ptr<Process> process_;
  detail::UniqueFd pidfd_;
};

}  // namespace mirakuru::command

#endif  // MIRAKURU_COMMAND_SRC_CHILD_HPP_
