// A process started and ended without mirakuru: the floor.
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
  // By posix_spawn. `standard_output`: -1 to inherit it.
  explicit PlainProcess(std::vector<std::string> words, int standard_output = -1);
  // Kills it if it is still running.
  ~PlainProcess();
  PlainProcess(const PlainProcess&) = delete;
  PlainProcess& operator=(const PlainProcess&) = delete;

  void terminate();  // SIGTERM, and waits for the end
  // Waits until it ends; throws ProgramFailed if not with 0. Returns the processor time of the
  // process and its waited-for children, in nanoseconds.
  std::int64_t wait();

 private:
  std::string program_;
  pid_t pid_ = 0;
};

}  // namespace benchmarks

#endif  // MIRAKURU_BENCHMARKS_PLAIN_PROCESS_HPP_
