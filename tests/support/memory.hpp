// The memory of a process.
#ifndef MIRAKURU_TESTS_SUPPORT_MEMORY_HPP_
#define MIRAKURU_TESTS_SUPPORT_MEMORY_HPP_

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "support/sanitizers.hpp"

namespace mirakuru::tests {

// Sanitizers delay the release of freed memory.
inline constexpr bool kMemoryIsOurs = !kSanitized;

// A number from a file in /proc/PID/: "status" ("VmHWM", "Threads", ...) or "smaps_rollup"
// ("Anonymous", which is exact, while "status" has an estimate). Memory is in KiB.
inline long ProcField(int pid, const std::string& file, const std::string& field) {
  std::ifstream lines("/proc/" + std::to_string(pid) + "/" + file);
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind(field + ":", 0) == 0) return std::atol(line.c_str() + field.size() + 1);
  }
  return 0;
}

// The peak growth of this program since this object was created.
class Growth {
 public:
  Growth() : before_(ProcField(getpid(), "status", "VmRSS")) {
    std::ofstream("/proc/self/clear_refs") << "5";  // resets the peak
  }
  long kib() const { return ProcField(getpid(), "status", "VmHWM") - before_; }

 private:
  long before_;
};

}  // namespace mirakuru::tests

#endif  // MIRAKURU_TESTS_SUPPORT_MEMORY_HPP_
