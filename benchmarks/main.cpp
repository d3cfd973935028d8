// mirakuru_benchmark [--check] [the flags of Google Benchmark]; README.md tells more.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "bars.hpp"

namespace benchmarks {
namespace {

void print_help() {
  benchmark::PrintDefaultHelp();
  std::puts("          [--check]  to exit with 1 where a bar is missed");
}

int run(int argc, char** argv) {
  // Ours come first, so that the same flags given by the user win. Interleaved, each benchmark and
  // its floor see the same troubles of the machine.
  std::string defaults[] = {"--benchmark_repetitions=300", "--benchmark_display_aggregates_only",
                            "--benchmark_enable_random_interleaving"};
  std::vector<char*> arguments{argv[0]};
  for (std::string& flag : defaults) arguments.push_back(flag.data());
  arguments.insert(arguments.end(), argv + 1, argv + argc);
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data(), &print_help);

  const auto end = arguments.begin() + count;
  const auto others = std::remove(arguments.begin() + 1, end, std::string("--check"));
  const bool check = others != end;
  count = static_cast<int>(others - arguments.begin());
  if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) return 2;

  benchmark::AddCustomContext("compiler", MIRAKURU_COMPILER_NAME);
  Bars bars(*benchmark::CreateDefaultDisplayReporter());
  const bool any = benchmark::RunSpecifiedBenchmarks(&bars) > 0;
  benchmark::Shutdown();
  if (!any) return 2;
  return check && !bars.all_met() ? 1 : 0;
}

}  // namespace
}  // namespace benchmarks

int main(int argc, char** argv) {
  try {
    return benchmarks::run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "the benchmark broke: %s\n", error.what());
    return 3;
  }
}
