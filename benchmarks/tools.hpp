// What people have services for their tests with: mirakuru, and what else there is. All are used
// alike: the services are started and waited for, a test that does nothing begins, and the services
// are stopped.
#ifndef MIRAKURU_BENCHMARKS_TOOLS_HPP_
#define MIRAKURU_BENCHMARKS_TOOLS_HPP_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace benchmarks {

// Programs that answer HTTP on ports of their own.
struct Services {
  int count;
  int delay_us;  // until each is ready
};

// What one use of a tool took, in nanoseconds.
struct Use {
  std::int64_t ready;      // from when the last service was ready to the beginning of the test
  std::int64_t stop;       // from there until the tool is done
  std::int64_t cycle;      // from beginning to end, without the services' delay
  std::int64_t processor;  // time of processors, of the tool and its helpers
};

// Those of tools() live as long as the program.
struct Tool {
  std::string name;                         // "" is mirakuru
  std::function<Use(const Services&)> use;  // throws ProgramFailed where a peer is not there
  bool is_peer = false;                     // a program of others
  int most = 1000;                          // services side by side
};

const std::vector<Tool>& tools();

}  // namespace benchmarks

#endif  // MIRAKURU_BENCHMARKS_TOOLS_HPP_
