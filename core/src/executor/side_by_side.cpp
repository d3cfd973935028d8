#include "executor/side_by_side.hpp"

#include <cstddef>
#include <memory>

#include "base/waiting.hpp"
#include "executor/startup.hpp"

namespace mirakuru::detail {

std::vector<std::exception_ptr> start_each(const std::vector<ExecutorState*>& executors,
                                           AfterFailure after_failure) {
  std::vector<std::exception_ptr> errors(executors.size());
  std::vector<std::unique_ptr<Startup>> startups(executors.size());
  bool failed = false;
  const auto go_on = [&] { return !failed || after_failure == AfterFailure::go_on; };
  // Takes a step of the start; what it throws ends that start alone.
  const auto attempt = [&](std::size_t i, auto step) {
    try {
      step();
    } catch (...) {
      startups[i].reset();
      errors[i] = std::current_exception();
      failed = true;
    }
  };

  for (std::size_t i = 0; i < executors.size() && go_on(); ++i) {
    attempt(i, [&] { startups[i] = std::make_unique<Startup>(*executors[i]); });
  }
  while (go_on()) {
    for (std::size_t i = 0; i < executors.size() && go_on(); ++i) {
      if (startups[i] == nullptr) continue;
      attempt(i, [&] {
        if (startups[i]->advance()) startups[i].reset();
      });
    }
    if (!go_on()) break;
    // Behind every step: each takes in what has changed for all of them, since the changes of all
    // files come by one descriptor.
    WaitSet set;
    bool waiting = false;
    for (const auto& startup : startups) {
      if (startup == nullptr) continue;
      startup->wait_on(set);
      waiting = true;
    }
    if (!waiting) break;
    set.wait();
  }
  return errors;
}

}  // namespace mirakuru::detail
