// One start, from the first question ("is somebody there already?") to being ready, as steps that
// do not block: so several can be taken side by side without a thread.
#ifndef MIRAKURU_CORE_SRC_EXECUTOR_STARTUP_HPP_
#define MIRAKURU_CORE_SRC_EXECUTOR_STARTUP_HPP_

#include <string>

#include "base/waiting.hpp"
#include "executor/executor_state.hpp"

namespace mirakuru::detail {

class Startup {
 public:
  // Asks who is there, and launches. Throws what SimpleExecutor::start() throws.
  explicit Startup(ExecutorState& executor);
  // Where it was not finished, what was started is killed.
  ~Startup();
  Startup(const Startup&) = delete;
  Startup& operator=(const Startup&) = delete;

  // Goes as far as it can. True: ready. Throws what SimpleExecutor::start() throws; nothing is left
  // running then.
  bool advance();
  // What to wait for before advance() has anything to do.
  void wait_on(WaitSet& set) const;

  // For those who watch: what it waits for, for how long by now, and what the last try said.
  std::string waited_for() const;
  std::chrono::milliseconds waited() const;
  std::string last_answer() const;

 private:
  void attempt();
  bool may_try_again() const;
  // Whether the main process ended in a way that cannot lead to being ready.
  bool ended_too_early() const;
  // Where this program did not run when time was up, there was nobody to see what got ready: once.
  bool may_look_again();
  [[noreturn]] void fail_as_ended();
  [[noreturn]] void fail_as_timed_out();

  ExecutorState& executor_;
  Clock::time_point begin_;
  Deadline deadline_;
  Backoff backoff_;  // of hooks that leave the check out
  int attempts_left_;
  bool looked_again_ = false;
  bool finished_ = false;
};

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_EXECUTOR_STARTUP_HPP_
