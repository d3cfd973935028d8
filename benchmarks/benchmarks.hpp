// What the benchmarks share. Those without mirakuru, for comparison, have the same name with
// "/floor" at the end.
#ifndef MIRAKURU_BENCHMARKS_BENCHMARKS_HPP_
#define MIRAKURU_BENCHMARKS_BENCHMARKS_HPP_

#include <benchmark/benchmark.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "moments.hpp"

namespace benchmarks {

// A benchmark of a `sample`, which returns its own time in nanoseconds.
template <std::int64_t (*sample)()>
void samples(benchmark::State& state) {
  while (state.KeepRunning()) state.SetIterationTime(static_cast<double>(sample()) / 1e9);
}

// Configures it: each repetition takes one sample, so that the statistics are those of the samples.
void one_by_one(benchmark::internal::Benchmark* benchmark);
// Configures a benchmark whose figures are its counters.
void once(benchmark::internal::Benchmark* benchmark);

// The quantile: the smallest value that `part` of all do not exceed.
double quantile(std::vector<double> values, double part);

// With --tiny, only tests that the benchmarks run: a hundredth of the given number.
void make_tiny();
int sized(int count);

// The moments of one run of a service, in a file whose path is passed to the service.
class SharedMoments {
 public:
  SharedMoments();
  ~SharedMoments();
  SharedMoments(const SharedMoments&) = delete;
  SharedMoments& operator=(const SharedMoments&) = delete;

  const std::string& path() const { return path_; }
  const Moments* operator->() const { return moments_; }

 private:
  std::string path_;
  Moments* moments_;
};

// Delays of 0 to 50 ms, in microseconds; the same ones in the same order for each benchmark.
class Delays {
 public:
  int next() { return std::uniform_int_distribution<int>(0, 50000)(random_); }

 private:
  std::mt19937 random_{42};
};

// A temporary directory for this run; and the programs of services/.
const std::string& work_directory();
inline std::string service(const std::string& name) {
  return std::string(MIRAKURU_BENCHMARK_SERVICES_DIR) + "/" + name;
}

}  // namespace benchmarks

#endif  // MIRAKURU_BENCHMARKS_BENCHMARKS_HPP_
