// How a service is brought to its end: the stop signal to each of its processes once, time to act
// on it, then the kill signal to all that are left, again and again until nothing is.
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

  // Again while one is under way: another signal is sent, an earlier end of the time-out counts.
  void stop(int signal, int kill_signal, std::int64_t timeout_ms);
  void kill(int signal);

  // To be called when due() has come and when a child has ended. True where the stop signal has
  // just turned out not to do.
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
  int signal_ = 0;       // of the present phase
  int kill_signal_ = 0;  // of the next
  Time deadline_ = kNever;
  Time due_ = kNever;
  PidList signalled_;  // who has had `signal_`
  PidList signalled_groups_;
  PidList new_groups_;  // since the last look at all descendants
};

}  // namespace mirakuru::supervisor

#endif  // MIRAKURU_CORE_SUPERVISOR_TERMINATION_HPP_
