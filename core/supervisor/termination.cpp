// Stopping and killing (see termination.hpp).
//
// No foreign process is ever signalled. The pid of a child that we have not reaped, and the number
// of its group, are not reused. And all members of a group are ours if its session is not the one
// that we are in ourselves: a descendant made the group, only descendants of that one can be in it,
// and those stay below us, since we are a subreaper. Only the pids of descendants further down,
// which the kill signal is sent to, could be reused between a scan and a signal; but the system
// assigns all other numbers first, which takes longer than these microseconds.
#include "termination.hpp"

#include <csignal>

namespace mirakuru::supervisor {
namespace {

// Nothing reports that a process became our child because its parent ended.
constexpr std::int64_t kLookAgainMs = 50;
// The end of a child wakes us up as well; this is for descendants that were forked in the meantime.
constexpr std::int64_t kKillAgainMs = 10;
// After a kill signal that is not SIGKILL.
constexpr std::int64_t kLastGraceMs = 1000;

// `target` as in kill(2). A paused process handles a signal only after it is continued.
void send_signal(pid_t target, int signal) {
  ::kill(target, signal);
  if (signal != SIGKILL) ::kill(target, SIGCONT);
}

}  // namespace

void Termination::stop(int signal, int kill_signal, std::int64_t timeout_ms) {
  if (phase_ == Phase::killing) return;
  const Time deadline = time_after(timeout_ms);
  if (phase_ == Phase::none || deadline < deadline_) {
    deadline_ = deadline;
    kill_signal_ = kill_signal;
  }
  if (phase_ == Phase::none || signal != signal_) begin(Phase::stopping, signal);
  signal_newcomers();
}

void Termination::kill(int signal) {
  if (phase_ == Phase::killing && signal_ == SIGKILL) return;
  begin(Phase::killing, signal);
  deadline_ = signal == SIGKILL ? kNever : time_after(kLastGraceMs);
  kill_all();
}

bool Termination::proceed() {
  const bool time_is_up = now() >= deadline_;
  if (phase_ == Phase::stopping) {
    if (time_is_up) {
      kill(kill_signal_);
      return true;
    }
    signal_newcomers();
  } else if (phase_ == Phase::killing) {
    if (time_is_up) {
      kill(SIGKILL);
    } else {
      kill_all();
    }
  }
  return false;
}

void Termination::begin(Phase phase, int signal) {
  phase_ = phase;
  signal_ = signal;
  signalled_.clear();
  signalled_groups_.clear();
}

// The main process, and processes that became our children since their parents ended. Descendants
// further down are left to their parents: a server that gets the stop signal stops its workers in
// its own way.
void Termination::signal_newcomers() {
  if (!signalled_groups_.contains(main_) && has_child_in_group(main_)) signal_group(main_);
  PidList children;
  append_children(children);
  for (const pid_t child : children) {
    if (signalled_.contains(child)) continue;
    const pid_t group = getpgid(child);
    const bool is_ours = group > 0 && group != getpgrp() && getsid(child) != getsid(0);
    if (!is_ours || signalled_groups_.contains(group)) {
      send_signal(child, signal_);
    } else if (!new_groups_.contains(group)) {
      signal_group(group);
    }
    signalled_.push(child);
  }
  note_members();
  const Time again = time_after(kLookAgainMs);
  due_ = again < deadline_ ? again : deadline_;
}

void Termination::signal_group(pid_t group) {
  send_signal(-group, signal_);
  if (signal_ != SIGKILL) new_groups_.push(group);  // SIGKILL is sent repeatedly anyway
}

// Members of these groups that become our children later must not get the signal twice: many
// programs treat a second one as impatience, and abandon an orderly end.
void Termination::note_members() {
  if (new_groups_.size() == 0) return;
  PidList pids;
  find_descendants(pids);
  for (const pid_t pid : pids) {
    if (new_groups_.contains(getpgid(pid))) signalled_.push(pid);
  }
  for (const pid_t group : new_groups_) signalled_groups_.push(group);
  new_groups_.clear();
}

void Termination::kill_all() {
  // Needs no /proc, and is quick and sufficient for most services.
  if (!signalled_groups_.contains(main_) && has_child_in_group(main_)) signal_group(main_);
  note_members();
  // Children first, before the scan for theirs: by the end of the scan some have ended, and others
  // have replaced them.
  PidList pids;
  append_children(pids);
  const std::size_t children = pids.size();
  for (std::size_t i = 0; i < children; ++i) kill_once(pids[i]);
  append_descendants(pids);
  for (std::size_t i = children; i < pids.size(); ++i) kill_once(pids[i]);
  const Time again = time_after(kKillAgainMs);
  due_ = again < deadline_ ? again : deadline_;
}

void Termination::kill_once(pid_t pid) {
  if (signalled_.contains(pid)) return;
  send_signal(pid, signal_);
  if (signal_ != SIGKILL) signalled_.push(pid);
}

}  // namespace mirakuru::supervisor
