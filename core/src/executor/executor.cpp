#include "mirakuru/executor.hpp"

#include <utility>

#include "executor/executor_impl.hpp"

namespace mirakuru {

Executor::Executor(Command command, Options options)
    : SimpleExecutor(std::move(command), std::nullopt, std::move(options)) {}
Executor::Executor(Command command, Check check, Options options)
    : SimpleExecutor(std::move(command), std::optional<Check>(std::move(check)),
                     std::move(options)) {}

bool Executor::pre_start_check() { return impl().probe().check_before_start(); }
bool Executor::after_start_check() { return impl().probe().check_after_start(); }

}  // namespace mirakuru
