#include "mirakuru/executor.hpp"

#include <utility>

#include "executor/executor_state.hpp"

namespace mirakuru {

Executor::Executor(Command command, Options options)
    : SimpleExecutor(std::move(command), std::nullopt, std::move(options)) {}
Executor::Executor(Command command, Check check, Options options)
    : SimpleExecutor(std::move(command), std::optional<Check>(std::move(check)),
                     std::move(options)) {}

bool Executor::pre_start_check() { return state().somebody_is_there(); }
bool Executor::after_start_check() { return state().probe_says_ready(); }

}  // namespace mirakuru
