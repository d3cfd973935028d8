// What is left after many starts, and the memory that much output costs the test program.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "benchmarks.hpp"
#include "mirakuru/mirakuru.hpp"
#include "processes.hpp"

namespace benchmarks {
namespace {

long entries(const std::string& directory) {
  return static_cast<long>(std::distance(std::filesystem::directory_iterator(directory),
                                         std::filesystem::directory_iterator()));
}

long descriptors(int pid) { return entries("/proc/" + std::to_string(pid) + "/fd"); }

// `ancestor` and its descendants.
long processes_below(int ancestor) {
  long count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    int pid = std::atoi(entry.path().filename().c_str());
    while (pid > 1 && pid != ancestor) pid = parent_of(pid);
    if (pid == ancestor) ++count;
  }
  return count;
}

// The directory of all executors, and their supervisor.
struct Home {
  std::string directory;
  int supervisor;
};

Home start_and_look() {
  mirakuru::SimpleExecutor executor({"sleep", "60"});
  executor.start();
  const std::filesystem::path tmpdir = executor.expand("{tmpdir}");
  return {tmpdir.parent_path().parent_path(), HelperProcesses(executor.pid()).supervisor};
}

void start_and_stop(int times) {
  for (int i = 0; i < times; ++i) {
    mirakuru::OutputExecutor executor(
        mirakuru::Command::shell("echo ready; exec sleep 60 # {port} {tmpdir}"), "ready");
    executor.start();
    executor.stop();
  }
}

// Its counters are the increase from beginning to end.
void executors(benchmark::State& state) {
  constexpr int kStarts = 100;
  const int self = getpid();
  const Home home = start_and_look();
  const auto count = [self, &home]() -> std::map<std::string, long> {
    return {
        {"descriptors", descriptors(self)},
        {"supervisor_descriptors", descriptors(home.supervisor)},
        {"directories", entries(home.directory)},
        {"memory_KiB", number_of(self, "status", "VmRSS")},
        {"supervisor_memory_KiB", number_of(home.supervisor, "status", "VmRSS")},
        {"processes", processes_below(home.supervisor) + processes_below(self)},
        {"threads", number_of(self, "status", "Threads")},
    };
  };
  // The first rounds warm up the allocators.
  std::map<std::string, long> before;
  for (int round = 0; round < 2; ++round) {
    start_and_stop(kStarts);
    before = count();
  }
  while (state.KeepRunning()) start_and_stop(kStarts);
  for (const auto& [what, after] : count()) {
    state.counters[what] = static_cast<double>(after - before[what]);
  }
}

void output(benchmark::State& state) {
  const int self = getpid();
  mirakuru::OutputExecutor executor({service("prints_a_lot"), "1024"}, "^ready$");
  // Resets the peak.
  std::ofstream("/proc/self/clear_refs") << "5";
  const long before = number_of(self, "status", "VmRSS");
  while (state.KeepRunning()) {
    executor.start();
    executor.output().tail(20);
  }
  state.counters["memory_MiB"] =
      static_cast<double>(number_of(self, "status", "VmHWM") - before) / 1024;
}

BENCHMARK(executors)->Name("growth/executors")->Apply(once);
BENCHMARK(output)->Name("growth/output")->Apply(once);

}  // namespace
}  // namespace benchmarks
