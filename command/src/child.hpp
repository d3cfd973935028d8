// A program that runs in the place of this one: with its streams, and its exit code is ours.
#ifndef MIRAKURU_COMMAND_SRC_CHILD_HPP_
#define MIRAKURU_COMMAND_SRC_CHILD_HPP_

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"

namespace mirakuru::command {

class Child {
 public:
  // Started with clean signals. Throws std::system_error that names the program.
  Child(const std::vector<std::string>& words, const std::map<std::string, std::string>& variables);

  // Readable when it has ended.
  int fd() const { return pidfd_.get(); }
  void send(int signal) const;
  // Waits for its end. Its exit code; 128 and the signal where one ended it, as in a shell.
  int wait();

 private:
  pid_t pid_ = 0;
  detail::UniqueFd pidfd_;
};

}  // namespace mirakuru::command

#endif  // MIRAKURU_COMMAND_SRC_CHILD_HPP_
