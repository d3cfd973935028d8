// What is promised, held against what was measured.
#ifndef MIRAKURU_BENCHMARKS_BARS_HPP_
#define MIRAKURU_BENCHMARKS_BARS_HPP_

#include <benchmark/benchmark.h>

#include <map>
#include <string>
#include <vector>

namespace benchmarks {

// Shows the runs as `display` does, and after them a table in Markdown: what was promised of the
// benchmarks that ran, and whether the promise is kept.
class Bars : public benchmark::BenchmarkReporter {
 public:
  explicit Bars(benchmark::BenchmarkReporter& display) : display_(display) {}

  bool ReportContext(const Context& context) override;
  void ReportRuns(const std::vector<Run>& runs) override;
  void Finalize() override;

  // False also where a benchmark ran and did not give the figure. To be asked after the run.
  bool all_met() const { return all_met_; }

 private:
  benchmark::BenchmarkReporter& display_;
  // By the benchmark's name: its statistics in milliseconds, or its counters.
  std::map<std::string, std::map<std::string, double>> figures_;
  bool all_met_ = true;
};

}  // namespace benchmarks

#endif  // MIRAKURU_BENCHMARKS_BARS_HPP_
