// Information about processes: proc(5).
#ifndef MIRAKURU_BENCHMARKS_PROCESSES_HPP_
#define MIRAKURU_BENCHMARKS_PROCESSES_HPP_

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace benchmarks {

// A number of /proc/PID/`file`, which is "status" or "smaps_rollup"; 0 if it does not exist.
long number_of(pid_t pid, const std::string& file, const std::string& field);

pid_t parent_of(pid_t pid);

// The processes of mirakuru above a service.
struct HelperProcesses {
  explicit HelperProcesses(pid_t service)
      : shepherd(parent_of(service)), supervisor(parent_of(shepherd)) {}
  pid_t shepherd;
  pid_t supervisor;
};

// In nanoseconds, without its children. 0 if it has ended.
std::int64_t processor_time(pid_t pid);

}  // namespace benchmarks

#endif  // MIRAKURU_BENCHMARKS_PROCESSES_HPP_
