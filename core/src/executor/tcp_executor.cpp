#include "mirakuru/tcp_executor.hpp"

#include <utility>

namespace mirakuru {

TCPExecutor::TCPExecutor(Command command, Endpoint endpoint, Options options)
    : Executor(std::move(command), Check(TcpCheck{endpoint}), std::move(options)),
      endpoint_(std::move(endpoint)) {}

std::string TCPExecutor::host() const { return expand(endpoint_.host()); }

}  // namespace mirakuru
