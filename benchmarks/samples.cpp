#include "samples.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace benchmarks {

double Samples::percentile(double percent) const {
  if (values_.empty()) throw std::logic_error("nothing was measured");
  std::vector<std::int64_t> sorted = values_;
  std::sort(sorted.begin(), sorted.end());
  const double rank = std::ceil(percent / 100 * static_cast<double>(sorted.size()));
  const auto index = static_cast<std::size_t>(std::max(rank, 1.0)) - 1;
  return static_cast<double>(sorted[index]) / 1e6;
}

}  // namespace benchmarks
