#include "mirakuru/unix_socket_executor.hpp"

#include <utility>

namespace mirakuru {

UnixSocketExecutor::UnixSocketExecutor(Command command, const std::string& path, Options options)
    : Executor(std::move(command), Check(UnixSocketCheck{path}), std::move(options)), path_(path) {}

std::string UnixSocketExecutor::path() const { return expand(path_); }

}  // namespace mirakuru
