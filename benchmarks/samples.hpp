// Many measurements of one thing.
#ifndef MIRAKURU_BENCHMARKS_SAMPLES_HPP_
#define MIRAKURU_BENCHMARKS_SAMPLES_HPP_

#include <cstdint>
#include <vector>

namespace benchmarks {

class Samples {
 public:
  void add(std::int64_t nanoseconds) { values_.push_back(nanoseconds); }

  // In milliseconds: the smallest value that so many percent of all do not exceed.
  double percentile(double percent) const;
  double median() const { return percentile(50); }
  double p99() const { return percentile(99); }

 private:
  std::vector<std::int64_t> values_;
};

}  // namespace benchmarks

#endif  // MIRAKURU_BENCHMARKS_SAMPLES_HPP_
