// How large a process is.
#ifndef MIRAKURU_TESTS_SUPPORT_MEMORY_HPP_
#define MIRAKURU_TESTS_SUPPORT_MEMORY_HPP_

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "support/sanitizers.hpp"

namespace mirakuru::tests {

// Sanitizers keep freed memory for a while, on purpose.
inline constexpr bool kMemoryIsOurs = !kSanitized;

// A number of a file of /proc/PID/: of "status" ("VmHWM", "Threads", ...) or "smaps_rollup"
// ("Anonymous", which is counted anew, where "status" has an estimate). Memory is in KiB.
inline long ProcField(int pid, const std::string& file, const std::string& field) {
  std::ifstream lines("/proc/" + std::to_string(pid) + "/" + file);
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind(field + ":", 0) == 0) return std::atol(line.c_str() + field.size() + 1);
  }
  return 0;
}

// By how much this program has grown at most since this was made.
class Growth {
 public:
  Growth() : before_(ProcField(getpid(), "status", "VmRSS")) {
    std::ofstream("/proc/self/clear_refs") << "5";  // the peak counts anew
  }
  long kib() const { return ProcField(getpid(), "status", "VmHWM") - before_; }

 private:
  long before_;
};

}  // namespace mirakuru::tests

#endif  // MIRAKURU_TESTS_SUPPORT_MEMORY_HPP_
