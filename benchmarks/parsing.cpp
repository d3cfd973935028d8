// The cost of including <mirakuru/mirakuru.hpp>, compared with what a test includes anyway.
#include <fstream>
#include <string>

#include "benchmarks.hpp"
#include "plain_process.hpp"

namespace benchmarks {
namespace {

// The compiler's processor time, which other programs influence less than the elapsed time.
std::int64_t time_to_parse(const std::string& header) {
  const std::string source = work_directory() + "/parse.cpp";
  std::ofstream(source) << "#include <" << header << ">\n";
  PlainProcess compiler({MIRAKURU_CXX_COMPILER, "-std=c++17", "-fsyntax-only", "-I",
                         MIRAKURU_INCLUDE_DIR, "-idirafter", MIRAKURU_GTEST_INCLUDE_DIR, source});
  return compiler.wait();
}

std::int64_t mirakuru() { return time_to_parse("mirakuru/mirakuru.hpp"); }
std::int64_t gtest() { return time_to_parse("gtest/gtest.h"); }

BENCHMARK(samples<mirakuru>)->Name("parsing")->Apply(one_by_one)->Repetitions(7);
BENCHMARK(samples<gtest>)->Name("parsing/floor")->Apply(one_by_one)->Repetitions(7);

}  // namespace
}  // namespace benchmarks
