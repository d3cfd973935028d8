// The first start in a program with gigabytes of memory, where a fork would be slow.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>

#include "benchmarks.hpp"

namespace benchmarks {
namespace {

// In KiB; 0 if unknown.
long available_memory() {
  std::ifstream info("/proc/meminfo");
  for (std::string line; std::getline(info, line);) {
    if (line.rfind("MemAvailable:", 0) == 0) return std::atol(line.c_str() + 13);
  }
  return 0;
}

// A new process each time, since a first start happens only once.
std::int64_t start_with_4_gib(const std::string& way) {
  std::FILE* sample = popen((service("starts_with_4_gib") + " " + way).c_str(), "r");
  long long ns = 0;
  const bool read = sample != nullptr && std::fscanf(sample, "%lld", &ns) == 1;
  if (sample == nullptr || pclose(sample) != 0 || !read) {
    throw std::runtime_error("a sample of the first start failed");
  }
  return ns;
}

std::int64_t first_start() { return start_with_4_gib("mirakuru"); }
std::int64_t plain_first_start() { return start_with_4_gib("plain"); }

template <std::int64_t (*sample)()>
void with_enough_memory(benchmark::State& state) {
  if (available_memory() < 5L << 20) {
    return state.SkipWithError("less than 5 GiB of memory are free");
  }
  samples<sample>(state);
}

BENCHMARK(with_enough_memory<first_start>)->Name("first_start")->Apply(one_by_one)->Repetitions(9);
BENCHMARK(with_enough_memory<plain_first_start>)
    ->Name("first_start/floor")
    ->Apply(one_by_one)
    ->Repetitions(9);

}  // namespace
}  // namespace benchmarks
