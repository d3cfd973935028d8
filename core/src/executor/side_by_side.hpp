// Several starts at once, without a thread.
#ifndef MIRAKURU_CORE_SRC_EXECUTOR_SIDE_BY_SIDE_HPP_
#define MIRAKURU_CORE_SRC_EXECUTOR_SIDE_BY_SIDE_HPP_

#include <exception>
#include <vector>

#include "executor/executor_state.hpp"

namespace mirakuru::detail {

enum class AfterFailure { go_on, give_up };

// Starts them side by side and returns when each is ready or has failed: the error of each, null
// where it is ready. With `give_up`, returns at the first error; what is not ready by then is
// killed.
std::vector<std::exception_ptr> start_each(const std::vector<ExecutorState*>& executors,
                                           AfterFailure after_failure);

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_EXECUTOR_SIDE_BY_SIDE_HPP_
