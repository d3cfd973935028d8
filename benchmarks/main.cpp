// mirakuru_benchmark [--check] [--tiny] [the flags of Google Benchmark]; see README.md.
#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "bars.hpp"
#include "benchmarks.hpp"

namespace benchmarks {
namespace {

void print_help() {
  benchmark::PrintDefaultHelp();
  std::puts(
      "          [--check]  exit with 1 if a bar is missed\n"
      "          [--tiny]   a hundredth of the work, only to test that it runs");
}

// Removes the flag from the arguments, and returns whether it was there.
bool take(std::vector<char*>& arguments, const std::string& flag) {
  const auto end = std::remove(arguments.begin() + 1, arguments.end(), flag);
  const bool found = end != arguments.end();
  arguments.erase(end, arguments.end());
  return found;
}

// A thousand services need more descriptors than the default limit.
void raise_limit_of_descriptors() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

int run(int argc, char** argv) {
  // Ours come first, so that flags given by the user win. Interleaved, so that each benchmark and
  // its floor get the same conditions.
  std::string defaults[] = {"--benchmark_repetitions=300", "--benchmark_display_aggregates_only",
                            "--benchmark_enable_random_interleaving"};
  std::vector<char*> arguments{argv[0]};
  for (std::string& flag : defaults) arguments.push_back(flag.data());
  arguments.insert(arguments.end(), argv + 1, argv + argc);
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data(), &print_help);

  arguments.resize(static_cast<std::size_t>(count));
  const bool check = take(arguments, "--check");
  if (take(arguments, "--tiny")) make_tiny();
  count = static_cast<int>(arguments.size());
  if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) return 2;
  raise_limit_of_descriptors();

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
