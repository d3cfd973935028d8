// What it costs a test to include <mirakuru/mirakuru.hpp>, beside what it includes anyway.
#include <fstream>
#include <string>

#include "benchmarks.hpp"
#include "plain_process.hpp"
#include "samples.hpp"

namespace benchmarks {
namespace {

// The compiler's processor time, which other programs do not add to as they do to the clock.
std::int64_t time_to_parse(const std::string& header) {
  const std::string source = work_folder() + "/parse.cpp";
  std::ofstream(source) << "#include <" << header << ">\n";
  PlainProcess compiler({MIRAKURU_CXX_COMPILER, "-std=c++17", "-fsyntax-only", "-I",
                         MIRAKURU_INCLUDE_DIR, "-idirafter", MIRAKURU_GTEST_INCLUDE_DIR, source});
  const rusage usage = compiler.wait();
  const auto ns = [](const timeval& time) {
    return (std::int64_t{time.tv_sec} * 1000000 + time.tv_usec) * 1000;
  };
  return ns(usage.ru_utime) + ns(usage.ru_stime);
}

}  // namespace

void measure_parsing(Report& report) {
  Samples ours;
  Samples gtest;
  constexpr int kRuns = 7;
  for (int i = 0; i < kRuns; ++i) {
    ours.add(time_to_parse("mirakuru/mirakuru.hpp"));
    gtest.add(time_to_parse("gtest/gtest.h"));
  }
  report.below("parsing <mirakuru/mirakuru.hpp>, median", gtest.median(), ours.median(), "ms",
               in_unit(gtest.median(), "ms") + " for <gtest/gtest.h>");
}

}  // namespace benchmarks
