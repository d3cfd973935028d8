// Signals that ask a program to end, as something that one can wait for.
#ifndef MIRAKURU_COMMAND_SRC_SIGNALS_HPP_
#define MIRAKURU_COMMAND_SRC_SIGNALS_HPP_

#include <optional>

#include "base/unique_fd.hpp"

namespace mirakuru::command {

// SIGINT, SIGTERM and SIGHUP, which do nothing else while it lives.
class StopSignals {
 public:
  StopSignals();

  int fd() const { return fd_.get(); }
  struct Received {
    int signal;
    bool from_terminal;  // then the whole process group got it
  };
  // The one that has come; none where none has.
  std::optional<Received> take();
  // From now on, one more ends this program at once; the supervisor stops its services.
  static void next_one_ends();

 private:
  detail::UniqueFd fd_;
};

}  // namespace mirakuru::command

#endif  // MIRAKURU_COMMAND_SRC_SIGNALS_HPP_
