// What the benchmarks have in common. Those without mirakuru, which a figure is held against, are
// called like it, with "/floor" at the end.
#ifndef MIRAKURU_BENCHMARKS_BENCHMARKS_HPP_
#define MIRAKURU_BENCHMARKS_BENCHMARKS_HPP_

#include <benchmark/benchmark.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "moments.hpp"

namespace benchmarks {

// A benchmark of a `sample` that tells itself how many nanoseconds it took.
template <std::int64_t (*sample)()>
void samples(benchmark::State& state) {
  while (state.KeepRunning()) state.SetIterationTime(static_cast<double>(sample()) / 1e9);
}

// To be applied to it: each repetition takes one sample, so that the statistics are those of the
// samples.
void one_by_one(benchmark::internal::Benchmark* benchmark);
// To be applied to one whose figures are its counters.
void once(benchmark::internal::Benchmark* benchmark);

// The smallest value that `part` of all do not exceed.
double quantile(std::vector<double> values, double part);

// --tiny was given: this is about whether the benchmarks run, not about what they measure. How many
// of something there are to be, in that case a hundredth.
void make_tiny();
int sized(int count);

// The moments of one run of a service, in a file whose path the service is given.
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

// Of 0 to 50 ms, in microseconds; each benchmark has the same ones in the same order.
class Delays {
 public:
  int next() { return std::uniform_int_distribution<int>(0, 50000)(random_); }

 private:
  std::mt19937 random_{42};
};

// A directory for this run, gone with it; and the programs of services/.
const std::string& work_directory();
inline std::string service(const std::string& name) {
  return std::string(MIRAKURU_BENCHMARK_SERVICES_DIR) + "/" + name;
}

}  // namespace benchmarks

#endif  // MIRAKURU_BENCHMARKS_BENCHMARKS_HPP_
