// One start, from the check whether something answers already until the service is ready, in steps
// that do not wait: so a StartLoop runs several starts in turn, without a thread.
#ifndef MIRAKURU_CORE_SRC_EXECUTOR_START_HPP_
#define MIRAKURU_CORE_SRC_EXECUTOR_START_HPP_

#include <string>

#include "base/waiting.hpp"
#include "executor/executor_impl.hpp"

namespace mirakuru::detail {

class Start {
 public:
  // Does nothing before the first step().
  explicit Start(ExecutorImpl& executor);
  // If the service is not ready, kills what was started.
  ~Start();
  Start(const Start&) = delete;
  Start& operator=(const Start&) = delete;

  // Proceeds as far as possible without waiting, and launches the service only if it may. True when
  // ready. Throws what SimpleExecutor::start() throws; then nothing is left running.
  bool step(bool may_launch);
  bool is_launching() const { return phase_ == Phase::launching; }
  // It would launch the service next.
  bool is_examined() const { return phase_ == Phase::examined; }
  // Adds what to wait for before the next step().
  void wait_on(WaitSet& set) const;

  // For messages: what it waits for, for how long so far, and the result of the last try.
  std::string waited_for() const;
  std::chrono::milliseconds waited() const;
  std::string last_answer() const;

 private:
  enum class Phase { begin, examining, examined, launching, waiting, ready };

  // Proceeds until the program runs; false if it does not run yet.
  bool launch(bool may_launch);
  Deadline launch_deadline() const;
  void begin_attempt();
  // False while it is not known whether something answers already.
  bool examine_before_start();
  bool is_ready();
  // For MIRAKURU_LOG=debug: every result that differs from the previous one.
  void log_answer();
  bool may_try_again() const;
  void try_another_port();
  // Whether the main process ended in a way that can no longer lead to readiness.
  bool ended_too_early() const;
  // If this program did not run when the deadline passed, it may check once more after it.
  bool may_check_again();
  [[noreturn]] void fail_as_ended();
  [[noreturn]] void fail_as_timed_out();

  ExecutorImpl& executor_;
  const Clock::time_point begin_ = Clock::now();
  Clock::time_point launch_begin_;  // of the last attempt
  Deadline deadline_;
  Phase phase_ = Phase::begin;
  int attempts_left_;
  bool checked_again_ = false;
  std::string logged_answer_;
};

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_EXECUTOR_START_HPP_
