#include "bars.hpp"

#include <cstdio>
#include <optional>
#include <ostream>

namespace benchmarks {
namespace {

// The figure must be below `limit`, or, if `other` is set, below `times` the same figure of that
// benchmark plus `limit`.
struct Bar {
  const char* what;
  const char* benchmark;
  const char* figure;  // one of its statistics or counters
  double limit;
  const char* unit;
  const char* other = nullptr;
  double times = 1;
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
    {"start and stop of `sleep`, median", "stopping/start_and_stop", "median", 3, "ms",
     "stopping/start_and_stop/floor"},
    {"first start in a program with 4 GiB of touched memory, median", "first_start", "median", 10,
     "ms"},
    {"from ready to the test, HTTP, median", "one_service", "median", 1, "ms", "one_service/floor"},
    {"the same, compared with a shell loop", "one_service", "median", 0, "ms",
     "one_service/shell_loop", 1. / 20},
    {"the same, compared with wait-on", "one_service", "median", 0, "ms", "one_service/wait-on",
     1. / 20},
    {"the same, compared with start-server-and-test", "one_service", "median", 0, "ms",
     "one_service/start-server-and-test", 1. / 20},
    {"the same, compared with Playwright", "one_service", "median", 0, "ms",
     "one_service/playwright", 1. / 20},
    {"waiting for a service that takes 5 s: processor time, median", "five_seconds", "processor_ms",
     10, "ms"},
    {"1,000 concurrent services, start to stop, each", "concurrent/1000", "each_ms", 3, "ms"},
    {"the same, compared with 100 services", "concurrent/1000", "each_ms", 0, "ms",
     "concurrent/100", 1.5},
    {"1,000 services: memory of their supervisor and shepherds, each", "memory", "helpers_pss_KiB",
     400, "KiB"},
    {"1,000 services: memory of the program, each", "memory", "program_KiB", 400, "KiB"},
    {"5,000 other processes: from ready to the test, median", "crowd/5000", "median", 0, "ms",
     "crowd/0", 1.2},
    {"5,000 other processes: stop, median", "crowd/5000", "stop_ms", 0, "ms", "crowd/0", 1.2},
    {"5,000 other processes: start to stop, median", "crowd/5000", "cycle_ms", 0, "ms", "crowd/0",
     1.2},
    {"100 tests of GoogleTest with a service, median", "suite", "median", 30, "ms", "suite/floor"},
    {"100 executors in sequence: descriptors", "growth/executors", "descriptors", 1, "more"},
    {"100 executors in sequence: descriptors of the supervisor", "growth/executors",
     "supervisor_descriptors", 1, "more"},
    {"100 executors in sequence: directories", "growth/executors", "directories", 1, "more"},
    {"100 executors in sequence: memory", "growth/executors", "memory_KiB", 1, "KiB more"},
    {"100 executors in sequence: memory of the supervisor", "growth/executors",
     "supervisor_memory_KiB", 1, "KiB more"},
    {"100 executors in sequence: processes", "growth/executors", "processes", 1, "more"},
    {"100 executors in sequence: threads", "growth/executors", "threads", 1, "more"},
    {"1 GiB of output: the program's memory, at its peak", "growth/output", "memory_MiB", 1,
     "MiB more"},
    {"parsing `<mirakuru/mirakuru.hpp>`, compared with `<gtest/gtest.h>`, median", "parsing",
     "median", 0, "ms", "parsing/floor"},
};

std::string in_unit(double value, const char* unit) {
  char text[64];
  std::snprintf(text, sizeof text, "%.3g %s", value, unit);
  return text;
}

std::string limit(const Bar& bar) {
  std::string text = "<";
  if (bar.other != nullptr) {
    char times[32] = "";
    if (bar.times > 1) std::snprintf(times, sizeof times, " %g times", bar.times);
    if (bar.times < 1) std::snprintf(times, sizeof times, " 1/%g of", 1 / bar.times);
    text += times + (" `" + std::string(bar.other) + "`");
    if (bar.limit > 0) text += " +";
  }
  if (bar.limit > 0) text += " " + in_unit(bar.limit, bar.unit);
  return text;
}

}  // namespace

bool Bars::ReportContext(const Context& context) { return display_.ReportContext(context); }

void Bars::ReportRuns(const std::vector<Run>& runs) {
  display_.ReportRuns(runs);
  for (const Run& run : runs) {
    auto& figures = figures_[run.run_name.function_name];
    if (run.run_type == Run::RT_Aggregate) {
      figures[run.aggregate_name] = run.GetAdjustedRealTime();
    }
    if (run.run_type != Run::RT_Aggregate || run.aggregate_name == "median") {
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
  out << "\n| what | bar | measured | compared with | |\n| --- | --- | --- | --- | --- |\n";
  for (const Bar& bar : kBars) {
    if (figures_.count(bar.benchmark) == 0) continue;
    const auto measured = find(bar.benchmark, bar.figure);
    const auto other =
        find(bar.other != nullptr ? bar.other : bar.benchmark + std::string("/floor"), bar.figure);
    const bool can_tell = other || bar.other == nullptr || !measured;
    const bool met =
        measured &&
        *measured < bar.limit + (bar.other != nullptr ? bar.times * other.value_or(0) : 0);
    out << "| " << bar.what << " | " << limit(bar) << " | "
        << (measured ? in_unit(*measured, bar.unit) : "not measured") << " | "
        << (other ? in_unit(*other, bar.unit) : "") << " | "
        << (!can_tell ? "not measured"
            : met     ? "met"
                      : "**missed**")
        << " |\n";
    all_met_ = all_met_ && (met || !can_tell);
  }
  out.flush();
}

}  // namespace benchmarks
