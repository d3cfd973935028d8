// The library's own log, on stderr: MIRAKURU_LOG=error|warning|info|debug, by default warning.
// Never on stdout, which belongs to the reporters of test frameworks.
#ifndef MIRAKURU_CORE_SRC_BASE_LOG_HPP_
#define MIRAKURU_CORE_SRC_BASE_LOG_HPP_

#include <string>

namespace mirakuru::detail {

enum class LogLevel { error, warning, info, debug };

bool log_enabled(LogLevel level);
void log(LogLevel level, const std::string& message);

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_BASE_LOG_HPP_
