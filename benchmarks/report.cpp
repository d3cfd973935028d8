#include "report.hpp"

#include <sys/utsname.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace benchmarks {
namespace {

std::string processor() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (line.rfind("model name", 0) == 0) return line.substr(line.find(':') + 2);
  }
  return "unknown processor";
}

}  // namespace

Report::Report() {
  utsname system{};
  uname(&system);
  double load[3] = {};
  getloadavg(load, 3);
  std::printf("%s, %ld cores, Linux %s, %s; load at the start %.2f\n\n", processor().c_str(),
              sysconf(_SC_NPROCESSORS_ONLN), system.release, MIRAKURU_COMPILER_NAME, load[0]);
  std::printf("| what | bar | measured | without mirakuru | |\n| --- | --- | --- | --- | --- |\n");
  std::fflush(stdout);
}

void Report::below(const std::string& what, double bar, double measured, const std::string& unit,
                   const std::string& floor) {
  row(what, "< " + in_unit(bar, unit), in_unit(measured, unit), floor, measured < bar);
}

void Report::no_growth(const std::string& what, long before, long after) {
  row(what, "no growth", std::to_string(before) + " before, " + std::to_string(after) + " after",
      "", after <= before);
}

void Report::not_measured(const std::string& what, const std::string& why) {
  row(what, "", "not measured: " + why, "", false);
}

void Report::row(const std::string& what, const std::string& bar, const std::string& measured,
                 const std::string& floor, bool met) {
  std::printf("| %s | %s | %s | %s | %s |\n", what.c_str(), bar.c_str(), measured.c_str(),
              floor.c_str(), met ? "met" : "**missed**");
  std::fflush(stdout);
  all_met_ = all_met_ && met;
}

std::string in_unit(double value, const std::string& unit) {
  char text[64];
  std::snprintf(text, sizeof text, "%.3g %s", value, unit.c_str());
  return text;
}

}  // namespace benchmarks
