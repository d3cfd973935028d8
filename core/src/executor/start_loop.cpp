#include "executor/start_loop.hpp"

namespace mirakuru::detail {
namespace {

// Enough to keep the supervisor busy. A launch needs more descriptors than the service that runs,
// and the supervisor has room for some hundred requests.
constexpr int kMostLaunches = 8;

}  // namespace

std::size_t StartLoop::add(ExecutorImpl& executor) {
  Entry entry;
  if (executor.is_owned_elsewhere() || executor.running()) {
    entry.was_started = false;
    entry.state = State::ready;
  } else {
    executor.stop_quietly();  // leftovers of an earlier start that ended by itself
    entry.start = std::make_unique<Start>(executor);
  }
  entries_.push_back(std::move(entry));
  return entries_.size() - 1;
}

bool StartLoop::step() {
  bool starting = false;
  for (Entry& entry : entries_) {
    if (entry.state != State::starting) continue;
    if (entry.start->is_launching()) --launching_;
    try {
      if (entry.start->step(launching_ < kMostLaunches)) entry.state = State::ready;
    } catch (...) {
      entry.state = State::failed;
      entry.error = std::current_exception();
    }
    if (entry.state == State::starting) {
      starting = true;
      if (entry.start->is_launching()) ++launching_;
    } else {
      entry.start.reset();
    }
  }
  return starting;
}

// To be called after the steps: a step processes pending changes for all starts, since one
// descriptor reports the changes of all files.
void StartLoop::wait_on(WaitSet& set) const {
  for (const Entry& entry : entries_) {
    if (entry.start == nullptr) continue;
    entry.start->wait_on(set);
    if (entry.start->is_examined() && launching_ < kMostLaunches) set.wake_at(Clock::now());
  }
}

std::exception_ptr StartLoop::first_error() const {
  for (const Entry& entry : entries_) {
    if (entry.error != nullptr) return entry.error;
  }
  return nullptr;
}

}  // namespace mirakuru::detail
