// One start, from the question whether somebody answers already to the service being ready, in
// steps that do not wait: so a StartLoop takes those of several starts in turn, without a thread.
#ifndef MIRAKURU_CORE_SRC_EXECUTOR_START_HPP_
#define MIRAKURU_CORE_SRC_EXECUTOR_START_HPP_

#include <string>

#include "base/waiting.hpp"
#include "executor/executor_impl.hpp"

namespace mirakuru::detail {

class Start {
 public:
  // Begins with the first step().
  explicit Start(ExecutorImpl& executor);
  // Where the service is not ready, what was started is killed.
  ~Start();
  Start(const Start&) = delete;
  Start& operator=(const Start&) = delete;

  // Goes as far as it can without waiting. True: ready. Throws what SimpleExecutor::start() throws;
  // nothing is left running then.
  bool step();
  // What to wait for until step() can go on.
  void wait_on(WaitSet& set) const;

  // For messages: what it waits for, for how long by now, and what the last try answered.
  std::string waited_for() const;
  std::chrono::milliseconds waited() const;
  std::string last_answer() const;

 private:
  enum class Phase { begin, looking, launching, waiting, ready };

  // Up to where the program runs; false where it does not yet.
  bool launch();
  Deadline launch_deadline() const;
  void begin_attempt();
  // False where it is not known yet whether somebody answers already.
  bool look_before_start();
  bool is_ready();
  // For MIRAKURU_LOG=debug: every answer that differs from the one before.
  void log_answer();
  bool may_try_again() const;
  void try_another_port();
  // Whether the main process ended in a way that cannot lead to being ready.
  bool ended_too_early() const;
  // Where this program did not run when time was up, it could not see what got ready: once.
  bool may_look_again();
  [[noreturn]] void fail_as_ended();
  [[noreturn]] void fail_as_timed_out();

  ExecutorImpl& executor_;
  const Clock::time_point begin_ = Clock::now();
  Deadline deadline_;
  Phase phase_ = Phase::begin;
  int attempts_left_;
  bool looked_again_ = false;
  std::string logged_answer_;
};

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_EXECUTOR_START_HPP_
