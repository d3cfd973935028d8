#include "side_by_side.hpp"

#include <cstddef>
#include <memory>

#include "startup.hpp"
#include "waiting.hpp"

namespace mirakuru::detail {

std::vector<std::exception_ptr> start_each(const std::vector<ExecutorState*>& executors) {
  std::vector<std::exception_ptr> errors(executors.size());
  std::vector<std::unique_ptr<Startup>> startups(executors.size());
  for (std::size_t i = 0; i < executors.size(); ++i) {
    try {
      executors[i]->stop_quietly();  // what is left of an earlier start that ended by itself
      startups[i] = std::make_unique<Startup>(*executors[i]);
    } catch (...) {
      errors[i] = std::current_exception();
    }
  }
  while (true) {
    WaitSet set;
    bool waiting = false;
    for (std::size_t i = 0; i < executors.size(); ++i) {
      if (startups[i] == nullptr) continue;
      try {
        if (startups[i]->advance()) {
          startups[i].reset();
        } else {
          startups[i]->wait_on(set);
          waiting = true;
        }
      } catch (...) {
        startups[i].reset();
        errors[i] = std::current_exception();
      }
    }
    if (!waiting) return errors;
    set.wait();
  }
}

}  // namespace mirakuru::detail
