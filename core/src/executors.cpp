// Executor and the five that are one with a check filled in.
#include <utility>

#include "executor_state.hpp"
#include "mirakuru/executor.hpp"
#include "mirakuru/http_executor.hpp"
#include "mirakuru/output_executor.hpp"
#include "mirakuru/pid_executor.hpp"
#include "mirakuru/tcp_executor.hpp"
#include "mirakuru/unix_socket_executor.hpp"

namespace mirakuru {

Executor::Executor(Command command, Options options)
    : SimpleExecutor(std::move(command), std::nullopt, std::move(options)) {}
Executor::Executor(Command command, Check check, Options options)
    : SimpleExecutor(std::move(command), std::optional<Check>(std::move(check)),
                     std::move(options)) {}

bool Executor::pre_start_check() { return state().somebody_is_there(); }
bool Executor::after_start_check() { return state().probe_says_ready(); }

OutputExecutor::OutputExecutor(Command command, const OutputCheck& check, Options options)
    : Executor(std::move(command), Check(check), std::move(options)) {}

TCPExecutor::TCPExecutor(Command command, Endpoint endpoint, Options options)
    : Executor(std::move(command), Check(TcpCheck{endpoint}), std::move(options)),
      endpoint_(std::move(endpoint)) {}
std::string TCPExecutor::host() const { return expand(endpoint_.host()); }

UnixSocketExecutor::UnixSocketExecutor(Command command, const std::string& path, Options options)
    : Executor(std::move(command), Check(UnixSocketCheck{path}), std::move(options)), path_(path) {}
std::string UnixSocketExecutor::path() const { return expand(path_); }

HTTPExecutor::HTTPExecutor(Command command, const HttpCheck& check, Options options)
    : Executor(std::move(command), Check(check), std::move(options)), url_(check.url) {}
std::string HTTPExecutor::url() const { return expand(url_); }

PidExecutor::PidExecutor(Command command, const std::string& path, Options options)
    : Executor(std::move(command), Check(FileCheck{path}), std::move(options)), path_(path) {}
std::string PidExecutor::path() const { return expand(path_); }

}  // namespace mirakuru
