// How a service is ended: the stop signal to each of its processes once, time to react, then the
// kill signal to all that are left, repeatedly until none is.
#ifndef MIRAKURU_CORE_SUPERVISOR_TERMINATION_HPP_
#define MIRAKURU_CORE_SUPERVISOR_TERMINATION_HPP_

#include <sys/types.h>

#include "process_tree.hpp"
#include "system.hpp"

namespace mirakuru::supervisor {

class Termination {
 public:
  explicit Termination(pid_t main) : main_(main) {}

  bool has_begun() const { return phase_ != Phase::none; }

  // May be called again during a stop: a different signal is sent, and the earlier deadline
  // applies.
  void stop(int signal, int kill_signal, std::int64_t timeout_ms);
  void kill(int signal);

  // To be called when due() is reached and when a child has ended. True if the stop has just timed
  // out, and the kill signal was sent.
  bool proceed();
  Time due() const { return phase_ == Phase::none ? kNever : due_; }

 private:
  enum class Phase { none, stopping, killing };

  void begin(Phase phase, int signal);
  void signal_newcomers();
  void signal_group(pid_t group);
  void note_members();
  void kill_all();
  void kill_once(pid_t pid);

  const pid_t main_;
  Phase phase_ = Phase::none;
  int signal_ = 0;       // of the current phase
  int kill_signal_ = 0;  // of the next phase
  Time deadline_ = kNever;
  Time due_ = kNever;
  PidList signalled_;  // processes that were sent `signal_`
  PidList signalled_groups_;
  PidList new_groups_;  // since the last scan of all descendants
};

}  // namespace mirakuru::supervisor

#endif  // MIRAKURU_CORE_SUPERVISOR_TERMINATION_HPP_
