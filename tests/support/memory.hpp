// How much memory a process takes: proc(5), /proc/PID/status.
#ifndef MIRAKURU_TESTS_SUPPORT_MEMORY_HPP_
#define MIRAKURU_TESTS_SUPPORT_MEMORY_HPP_

#include <cstdlib>
#include <fstream>
#include <string>

namespace mirakuru::tests {

// Sanitizers keep freed memory for a while, on purpose.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kMemoryIsOurs = false;
#else
constexpr bool kMemoryIsOurs = true;
#endif

// A number of /proc/PID/status.
inline long Status(const std::string& pid, const std::string& field) {
  std::ifstream file("/proc/" + pid + "/status");
  for (std::string line; std::getline(file, line);) {
    if (line.rfind(field + ":", 0) == 0) return std::atol(line.c_str() + field.size() + 1);
  }
  return 0;
}

// By how much this program has grown at most since this was made.
class Growth {
 public:
  Growth() : before_(Status("self", "VmRSS")) {
    std::ofstream("/proc/self/clear_refs") << "5";  // the peak counts anew
  }
  long kib() const { return Status("self", "VmHWM") - before_; }

 private:
  long before_;
};

}  // namespace mirakuru::tests

#endif  // MIRAKURU_TESTS_SUPPORT_MEMORY_HPP_
