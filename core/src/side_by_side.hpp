// Starts several executors at the same time, without a thread.
#ifndef MIRAKURU_CORE_SRC_SIDE_BY_SIDE_HPP_
#define MIRAKURU_CORE_SRC_SIDE_BY_SIDE_HPP_

#include <exception>
#include <vector>

#include "executor_state.hpp"

namespace mirakuru::detail {

// Returns when each of them is ready or has failed: with what its start() would have thrown, or
// null, in the order of `executors`. None of them may run.
std::vector<std::exception_ptr> start_each(const std::vector<ExecutorState*>& executors);

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_SIDE_BY_SIDE_HPP_
