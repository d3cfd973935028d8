// Signals that ask a program to end, as a descriptor to wait on.
#ifndef MIRAKURU_COMMAND_SRC_SIGNALS_HPP_
#define MIRAKURU_COMMAND_SRC_SIGNALS_HPP_

#include <optional>

#include "base/unique_fd.hpp"

namespace mirakuru::command {

// SIGINT, SIGTERM and SIGHUP, blocked from its construction on.
class StopSignals {
 public:
  StopSignals();

  int fd() const { return fd_.get(); }
  struct Received {
    int signal;
    bool from_terminal;  // then the whole process group got it
  };
  // The next pending signal, if any.
  std::optional<Received> take();
  // Unblocks them: the next one ends this program at once, and the supervisor stops its services.
  static void next_one_ends();

 private:
  detail::UniqueFd fd_;
};

}  // namespace mirakuru::command

#endif  // MIRAKURU_COMMAND_SRC_SIGNALS_HPP_
