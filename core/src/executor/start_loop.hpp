// The loop in which services are started: several at once, without a thread.
//
//   StartLoop loop;
//   loop.add(redis);
//   loop.add(api);
//   while (loop.step()) {
//     WaitSet set;
//     loop.wait_on(set);
//     set.wait();
//   }
#ifndef MIRAKURU_CORE_SRC_EXECUTOR_START_LOOP_HPP_
#define MIRAKURU_CORE_SRC_EXECUTOR_START_LOOP_HPP_

#include <cstddef>
#include <exception>
#include <memory>
#include <vector>

#include "base/waiting.hpp"
#include "executor/executor_impl.hpp"
#include "executor/start.hpp"

namespace mirakuru::detail {

class StartLoop {
 public:
  enum class State { starting, ready, failed };

  // Returns its index, from 0. An executor that runs already, or whose service belongs to another
  // process, is ready at once.
  std::size_t add(ExecutorImpl& executor);
  // Takes every start as far as possible without waiting. True while at least one is not finished.
  bool step();
  // Adds what to wait for before the next step().
  void wait_on(WaitSet& set) const;

  State state(std::size_t number) const { return entries_[number].state; }
  // Why it failed: what SimpleExecutor::start() throws; null otherwise.
  const std::exception_ptr& error(std::size_t number) const { return entries_[number].error; }
  // Null if it is not being started.
  const Start* start(std::size_t number) const { return entries_[number].start.get(); }
  // False if it was ready before.
  bool was_started(std::size_t number) const { return entries_[number].was_started; }
  // The error of the first one that failed; null if none did.
  std::exception_ptr first_error() const;

 private:
  struct Entry {
    bool was_started = true;
    State state = State::starting;
    std::unique_ptr<Start> start = {};
    std::exception_ptr error = {};
  };

  std::vector<Entry> entries_;
  int launching_ = 0;
};

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_EXECUTOR_START_LOOP_HPP_
