// The tools to compare: mirakuru and others. All are used in the same way: the services are started
// and waited for, an empty test begins, and the services are stopped.
#ifndef MIRAKURU_BENCHMARKS_TOOLS_HPP_
#define MIRAKURU_BENCHMARKS_TOOLS_HPP_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace benchmarks {

// Programs that answer HTTP, each on its own port.
struct Services {
  int count;
  int delay_us;  // until each is ready
};

// What one use of a tool took, in nanoseconds.
struct Use {
  std::int64_t ready;      // from when the last service was ready to the beginning of the test
  std::int64_t stop;       // from there to the end of the tool
  std::int64_t cycle;      // from start to end, without the services' delay
  std::int64_t processor;  // processor time of the tool and its helpers
};

// Those of tools() exist as long as the program.
struct Tool {
  std::string name;                         // "" is mirakuru
  std::function<Use(const Services&)> use;  // throws ProgramFailed if a peer is not installed
  bool is_peer = false;                     // another tool
  int most = 1000;                          // concurrent services
};

const std::vector<Tool>& tools();

}  // namespace benchmarks

#endif  // MIRAKURU_BENCHMARKS_TOOLS_HPP_
