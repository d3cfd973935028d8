#include "base/log.hpp"

#include <cstdio>

#include "base/environment.hpp"

namespace mirakuru::detail {
namespace {

const char* const kNames[] = {"error", "warning", "info", "debug"};

LogLevel wanted_level() {
  const std::string wanted = variable("MIRAKURU_LOG");
  for (int level = 0; level < 4; ++level) {
    if (wanted == kNames[level]) return static_cast<LogLevel>(level);
  }
  return LogLevel::warning;
}

}  // namespace

bool log_enabled(LogLevel level) { return level <= wanted_level(); }

void log(LogLevel level, const std::string& message) {
  if (!log_enabled(level)) return;
  // One call, so that lines from several programs under ctest -j are not interleaved.
  const std::string line =
      std::string("mirakuru: ") + kNames[static_cast<int>(level)] + ": " + message + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace mirakuru::detail
