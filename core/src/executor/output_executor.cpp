#include "mirakuru/output_executor.hpp"

#include <utility>

namespace mirakuru {

OutputExecutor::OutputExecutor(Command command, const OutputCheck& check, Options options)
    : Executor(std::move(command), Check(check), std::move(options)) {}

}  // namespace mirakuru
