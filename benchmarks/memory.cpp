// The memory of the helper processes and of the test program.
#include <unistd.h>

#include <memory>
#include <vector>

#include "benchmarks.hpp"
#include "mirakuru/mirakuru.hpp"
#include "processes.hpp"

namespace benchmarks {
namespace {

// In KiB. Shared memory counts fully for each process in the resident set (RSS), and partly in the
// proportional one (PSS).
struct Memory {
  long rss = 0;
  long pss = 0;
  void add(pid_t pid) {
    rss += number_of(pid, "smaps_rollup", "Rss");
    pss += number_of(pid, "smaps_rollup", "Pss");
  }
};

Memory of_process(pid_t pid) {
  Memory memory;
  memory.add(pid);
  return memory;
}

// The counters are per service.
void memory(benchmark::State& state) {
  const int services = sized(1000);
  const SharedMoments moments;
  const Memory before = of_process(getpid());
  std::vector<std::unique_ptr<mirakuru::HTTPExecutor>> executors;
  std::vector<mirakuru::SimpleExecutor*> starting;
  for (int i = 0; i < services; ++i) {
    executors.push_back(std::make_unique<mirakuru::HTTPExecutor>(
        std::vector<std::string>{service("becomes_ready"), moments.path(), "0", "http", "{port}"},
        "http://127.0.0.1:{port}/"));
    starting.push_back(executors.back().get());
  }
  while (state.KeepRunning()) mirakuru::start_together(starting);

  Memory helpers = of_process(HelperProcesses(starting.front()->pid()).supervisor);
  for (const auto* executor : starting) helpers.add(HelperProcesses(executor->pid()).shepherd);
  const Memory after = of_process(getpid());
  const auto each = [services](long kib) { return static_cast<double>(kib) / services; };
  state.counters["helpers_pss_KiB"] = each(helpers.pss);
  state.counters["helpers_rss_KiB"] = each(helpers.rss);
  state.counters["program_KiB"] = each(after.rss - before.rss);
}

BENCHMARK(memory)->Name("memory")->Apply(once);

}  // namespace
}  // namespace benchmarks
