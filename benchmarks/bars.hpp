// Compares the measurements with the promised limits.
#ifndef MIRAKURU_BENCHMARKS_BARS_HPP_
#define MIRAKURU_BENCHMARKS_BARS_HPP_

#include <benchmark/benchmark.h>

#include <map>
#include <string>
#include <vector>

namespace benchmarks {

// Shows the runs like `display`, and then a table in Markdown: the limits of the benchmarks that
// ran, and whether they are met.
class Bars : public benchmark::BenchmarkReporter {
 public:
  explicit Bars(benchmark::BenchmarkReporter& display) : display_(display) {}

  bool ReportContext(const Context& context) override;
  void ReportRuns(const std::vector<Run>& runs) override;
  void Finalize() override;

  // Valid after the run. Also false if a benchmark ran and did not give the figure.
  bool all_met() const { return all_met_; }

 private:
  benchmark::BenchmarkReporter& display_;
  // By the benchmark's name: its statistics in milliseconds, and its counters.
  std::map<std::string, std::map<std::string, double>> figures_;
  bool all_met_ = true;
};

}  // namespace benchmarks

#endif  // MIRAKURU_BENCHMARKS_BARS_HPP_
