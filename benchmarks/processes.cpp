#include "processes.hpp"

#include <cstdlib>
#include <ctime>
#include <fstream>

namespace benchmarks {

long number_of(pid_t pid, const std::string& file, const std::string& field) {
  std::ifstream lines("/proc/" + std::to_string(pid) + "/" + file);
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind(field + ":", 0) == 0) return std::atol(line.c_str() + field.size() + 1);
  }
  return 0;
}

pid_t parent_of(pid_t pid) { return static_cast<pid_t>(number_of(pid, "status", "PPid")); }

std::int64_t processor_time(pid_t pid) {
  clockid_t clock{};
  timespec time{};
  if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &time) != 0) return 0;
  return std::int64_t{time.tv_sec} * 1000000000 + time.tv_nsec;
}

}  // namespace benchmarks
