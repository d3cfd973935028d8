// A process started and ended without mirakuru: the floor that it is measured against.
#ifndef MIRAKURU_BENCHMARKS_PLAIN_PROCESS_HPP_
#define MIRAKURU_BENCHMARKS_PLAIN_PROCESS_HPP_

#include <sys/resource.h>
#include <sys/types.h>

#include <string>
#include <vector>

namespace benchmarks {

class PlainProcess {
 public:
  // By posix_spawn; `standard_output`: -1 for the same as here.
  explicit PlainProcess(std::vector<std::string> words, int standard_output = -1);
  // Killed where it still runs.
  ~PlainProcess();
  PlainProcess(const PlainProcess&) = delete;
  PlainProcess& operator=(const PlainProcess&) = delete;

  void terminate();  // SIGTERM, and waits for the end
  rusage wait();     // until it ends; throws std::runtime_error unless with 0

 private:
  pid_t pid_ = 0;
};

}  // namespace benchmarks

#endif  // MIRAKURU_BENCHMARKS_PLAIN_PROCESS_HPP_
