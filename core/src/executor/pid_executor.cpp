#include "mirakuru/pid_executor.hpp"

#include <utility>

namespace mirakuru {

PidExecutor::PidExecutor(Command command, const std::string& path, Options options)
    : Executor(std::move(command), Check(PidFileCheck{path}), std::move(options)), path_(path) {}

std::string PidExecutor::path() const { return expand(path_); }

}  // namespace mirakuru
