// A service file:
//
//   {"services": {
//     "redis": {
//       "command": "redis-server --port {port}",
//       "ready": {"tcp": "127.0.0.1:{port}"},
//       "timeout": 10
//     },
//     "api": {
//       "command": ["./api", "--redis", "127.0.0.1:{redis.port}", "--port", "{port}"],
//       "ready": [{"http": "http://127.0.0.1:{port}/", "status": "(200|404)", "method": "GET"}],
//       "environment": {"TZ": "UTC"},
//       "cwd": "{tmpdir}",
//       "depends": ["redis"]
//     }
//   }}
//
// Further keys of a service: shell (a script, instead of command), stop_timeout (seconds),
// stop_signal ("SIGINT"), expected_returncode, user, launcher. The kinds of checks are those of
// check_kinds.def.
#ifndef MIRAKURU_COMMAND_SRC_SERVICE_FILE_HPP_
#define MIRAKURU_COMMAND_SRC_SERVICE_FILE_HPP_

#include <string>
#include <vector>

#include "service_definition.hpp"

namespace mirakuru::command {

// Throws std::invalid_argument, which names file, line and key.
std::vector<ServiceDefinition> read_service_file(const std::string& path);

// "SIGINT", "INT" or "2". Throws std::invalid_argument.
int signal_of(const std::string& name);
// Throws std::invalid_argument.
std::chrono::milliseconds seconds_of(double seconds);
// The same for the time to become ready, which must not be 0.
std::chrono::milliseconds start_timeout_of(double seconds);

}  // namespace mirakuru::command

#endif  // MIRAKURU_COMMAND_SRC_SERVICE_FILE_HPP_
