#include "bars.hpp"

#include <cstdio>
#include <optional>
#include <ostream>

namespace benchmarks {
namespace {

struct Bar {
  const char* what;
  const char* benchmark;
  const char* figure;  // one of its statistics, or of its counters
  double limit;        // which it is to stay below
  const char* unit;
  bool above_floor = false;  // the limit counts from the benchmark's floor
};

constexpr Bar kBars[] = {
    {"from ready to the return of start(), TCP, median", "readiness/tcp", "median", 1, "ms"},
    {"from ready to the return of start(), TCP, 99th percentile", "readiness/tcp", "p99", 5, "ms"},
    {"from ready to the return of start(), output, median", "readiness/output", "median", 0.5,
     "ms"},
    {"from ready to the return of start(), pid file, median", "readiness/pid_file", "median", 0.5,
     "ms"},
    {"from ready to the return of start(), unix socket, median", "readiness/unix_socket", "median",
     0.5, "ms"},
    {"stop() beyond the program's own end, median", "stopping/stop", "median", 2, "ms"},
    {"start and stop of `sleep`, median", "stopping/start_and_stop", "median", 3, "ms", true},
    {"first start in a program with 4 GiB of touched memory, median", "first_start", "median", 10,
     "ms"},
    {"100 executors one after the other: descriptors", "growth/executors", "descriptors", 1,
     "more"},
    {"100 executors one after the other: descriptors of the supervisor", "growth/executors",
     "supervisor_descriptors", 1, "more"},
    {"100 executors one after the other: folders", "growth/executors", "folders", 1, "more"},
    {"100 executors one after the other: memory", "growth/executors", "memory_KiB", 1, "KiB more"},
    {"100 executors one after the other: memory of the supervisor", "growth/executors",
     "supervisor_memory_KiB", 1, "KiB more"},
    {"100 executors one after the other: processes", "growth/executors", "processes", 1, "more"},
    {"100 executors one after the other: threads", "growth/executors", "threads", 1, "more"},
    {"1 GiB of output: the program's memory, at its peak", "growth/output", "memory_MiB", 1,
     "MiB more"},
    {"parsing `<mirakuru/mirakuru.hpp>`, beside `<gtest/gtest.h>`, median", "parsing", "median", 0,
     "ms", true},
};

std::string in_unit(double value, const char* unit) {
  char text[64];
  std::snprintf(text, sizeof text, "%.3g %s", value, unit);
  return text;
}

std::string limit(const Bar& bar) {
  if (!bar.above_floor) return "< " + in_unit(bar.limit, bar.unit);
  return bar.limit > 0 ? "< floor + " + in_unit(bar.limit, bar.unit) : "< floor";
}

}  // namespace

bool Bars::ReportContext(const Context& context) { return display_.ReportContext(context); }

void Bars::ReportRuns(const std::vector<Run>& runs) {
  display_.ReportRuns(runs);
  for (const Run& run : runs) {
    auto& figures = figures_[run.run_name.function_name];
    if (run.run_type == Run::RT_Aggregate) {
      figures[run.aggregate_name] = run.GetAdjustedRealTime();
    } else {
      for (const auto& [name, counter] : run.counters) figures[name] = counter.value;
    }
  }
}

void Bars::Finalize() {
  display_.Finalize();
  const auto find = [this](const std::string& name, const char* figure) -> std::optional<double> {
    const auto& figures = figures_[name];
    const auto found = figures.find(figure);
    if (found == figures.end()) return std::nullopt;
    return found->second;
  };
  std::ostream& out = GetOutputStream();
  out << "\n| what | bar | measured | without mirakuru | |\n| --- | --- | --- | --- | --- |\n";
  for (const Bar& bar : kBars) {
    if (figures_.count(bar.benchmark) == 0) continue;
    const auto measured = find(bar.benchmark, bar.figure);
    const auto floor = find(bar.benchmark + std::string("/floor"), bar.figure);
    const bool met = measured && (floor || !bar.above_floor) &&
                     *measured < bar.limit + (bar.above_floor ? *floor : 0);
    out << "| " << bar.what << " | " << limit(bar) << " | "
        << (measured ? in_unit(*measured, bar.unit) : "not measured") << " | "
        << (floor ? in_unit(*floor, bar.unit) : "") << " | " << (met ? "met" : "**missed**")
        << " |\n";
    all_met_ = all_met_ && met;
  }
  out.flush();
}

}  // namespace benchmarks
