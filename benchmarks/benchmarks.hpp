// What the benchmarks have in common. Those without mirakuru, which a figure is held against, are
// called like it, with "/floor" at the end.
#ifndef MIRAKURU_BENCHMARKS_BENCHMARKS_HPP_
#define MIRAKURU_BENCHMARKS_BENCHMARKS_HPP_

#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>

namespace benchmarks {

// A benchmark of a `sample` that tells itself how many nanoseconds it took.
template <std::int64_t (*sample)()>
void samples(benchmark::State& state) {
  while (state.KeepRunning()) state.SetIterationTime(static_cast<double>(sample()) / 1e9);
}

// To be applied to it: each repetition takes one sample, so that the statistics are those of the
// samples.
void one_by_one(benchmark::internal::Benchmark* benchmark);

// A folder for this run, gone with it; and the programs of services/.
const std::string& work_folder();
inline std::string service(const std::string& name) {
  return std::string(MIRAKURU_BENCHMARK_SERVICES_DIR) + "/" + name;
}

}  // namespace benchmarks

#endif  // MIRAKURU_BENCHMARKS_BENCHMARKS_HPP_
