// What is left after many starts, and what much output costs the program that started it.
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "benchmarks.hpp"
#include "mirakuru/mirakuru.hpp"

namespace benchmarks {
namespace {

// A number of /proc/PID/status.
long status(int pid, const std::string& field) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(file, line);) {
    if (line.rfind(field + ":", 0) == 0) return std::atol(line.c_str() + field.size() + 1);
  }
  return 0;
}

long entries(const std::string& folder) {
  return static_cast<long>(std::distance(std::filesystem::directory_iterator(folder),
                                         std::filesystem::directory_iterator()));
}

long descriptors(int pid) { return entries("/proc/" + std::to_string(pid) + "/fd"); }

// Those that have `ancestor` above them, and that one.
long processes_below(int ancestor) {
  long count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    int pid = std::atoi(entry.path().filename().c_str());
    while (pid > 1 && pid != ancestor) pid = static_cast<int>(status(pid, "PPid"));
    if (pid == ancestor) ++count;
  }
  return count;
}

// Where the folders of all executors are, and the process that owns their services.
struct Home {
  std::string folder;
  int supervisor;
};

Home start_and_look() {
  mirakuru::SimpleExecutor executor({"sleep", "60"});
  executor.start();
  const std::filesystem::path tmpdir = executor.expand("{tmpdir}");
  const int shepherd = static_cast<int>(status(executor.pid(), "PPid"));
  return {tmpdir.parent_path().parent_path(), static_cast<int>(status(shepherd, "PPid"))};
}

void start_and_stop(int times) {
  for (int i = 0; i < times; ++i) {
    mirakuru::OutputExecutor executor(
        mirakuru::Command::shell("echo ready; exec sleep 60 # {port} {tmpdir}"), "ready");
    executor.start();
    executor.stop();
  }
}

void measure_starts(Report& report) {
  constexpr int kStarts = 100;
  const int self = getpid();
  const Home home = start_and_look();
  const std::map<std::string, long (*)(int, const Home&)> figures{
      {"descriptors", [](int pid, const Home&) { return descriptors(pid); }},
      {"descriptors of the supervisor",
       [](int, const Home& it) { return descriptors(it.supervisor); }},
      {"folders", [](int, const Home& it) { return entries(it.folder); }},
      {"memory in KiB", [](int pid, const Home&) { return status(pid, "VmRSS"); }},
      {"memory of the supervisor in KiB",
       [](int, const Home& it) { return status(it.supervisor, "VmRSS"); }},
      {"processes",
       [](int pid, const Home& it) {
         return processes_below(it.supervisor) + processes_below(pid);
       }},
      {"threads", [](int pid, const Home&) { return status(pid, "Threads"); }},
  };
  std::map<std::string, long> before;
  // The first round is for the allocators, until they have what they go on using.
  for (int round = 0; round < 2; ++round) {
    start_and_stop(kStarts);
    for (const auto& [what, figure] : figures) before[what] = figure(self, home);
  }
  start_and_stop(kStarts);
  for (const auto& [what, figure] : figures) {
    report.no_growth("100 executors one after the other: " + what, before[what],
                     figure(self, home));
  }
}

void measure_output(Report& report) {
  const int self = getpid();
  mirakuru::OutputExecutor executor({service("prints_a_lot"), "1024"}, "^ready$");
  // From now on, the peak counts anew.
  std::ofstream("/proc/self/clear_refs") << "5";
  const long before = status(self, "VmRSS");
  executor.start();
  executor.output().tail(20);
  const double growth = static_cast<double>(status(self, "VmHWM") - before) / 1024;
  report.below("1 GiB of output: growth of the program's memory, at its peak", 1,
               std::max(growth, 0.0), "MiB", "");
}

}  // namespace

void measure_growth(Report& report) {
  measure_starts(report);
  measure_output(report);
}

}  // namespace benchmarks
