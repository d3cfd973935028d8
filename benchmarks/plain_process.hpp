// A process started and ended without mirakuru: the floor that it is measured against.
#ifndef MIRAKURU_BENCHMARKS_PLAIN_PROCESS_HPP_
#define MIRAKURU_BENCHMARKS_PLAIN_PROCESS_HPP_

#include <sys/types.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace benchmarks {

struct ProgramFailed : std::runtime_error {
  using runtime_error::runtime_error;
};

class PlainProcess {
 public:
  // By posix_spawn; `standard_output`: -1 for the same as here.
  explicit PlainProcess(std::vector<std::string> words, int standard_output = -1);
  // Killed where it still runs.
  ~PlainProcess();
  PlainProcess(const PlainProcess&) = delete;
  PlainProcess& operator=(const PlainProcess&) = delete;

  void terminate();  // SIGTERM, and waits for the end
  // Until it ends; throws ProgramFailed unless with 0. The processor time that it used, with
  // those that it waited for, in nanoseconds.
  std::int64_t wait();

 private:
  std::string program_;
  pid_t pid_ = 0;
};

}  // namespace benchmarks

#endif  // MIRAKURU_BENCHMARKS_PLAIN_PROCESS_HPP_
