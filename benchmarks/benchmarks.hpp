// What there is to measure. Each part adds its rows to the report.
#ifndef MIRAKURU_BENCHMARKS_BENCHMARKS_HPP_
#define MIRAKURU_BENCHMARKS_BENCHMARKS_HPP_

#include <string>

#include "report.hpp"

namespace benchmarks {

// `runs`: how many samples where they are many.
void measure_readiness(Report& report, int runs);
void measure_stopping(Report& report, int runs);
void measure_first_start(Report& report);
void measure_growth(Report& report);
void measure_parsing(Report& report);

// What measure_first_start() runs in a process of its own, each time: a first start happens once.
int be_a_sample_of_the_first_start();

// A folder for this run, gone with it; and the programs of services/.
const std::string& work_folder();
inline std::string service(const std::string& name) {
  return std::string(MIRAKURU_BENCHMARK_SERVICES_DIR) + "/" + name;
}

}  // namespace benchmarks

#endif  // MIRAKURU_BENCHMARKS_BENCHMARKS_HPP_
