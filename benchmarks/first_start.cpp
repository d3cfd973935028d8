// The first start of a program that has gigabytes of memory, where a fork would be slow.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include "benchmarks.hpp"
#include "mirakuru/mirakuru.hpp"
#include "moments.hpp"
#include "plain_process.hpp"
#include "samples.hpp"

namespace benchmarks {
namespace {

constexpr std::size_t kTouched = std::size_t{4} << 30;
constexpr char kWhat[] = "first start in a program with 4 GiB of touched memory, median";

// In KiB; 0 where the system does not say.
long available_memory() {
  std::ifstream info("/proc/meminfo");
  for (std::string line; std::getline(info, line);) {
    if (line.rfind("MemAvailable:", 0) == 0) return std::atol(line.c_str() + 13);
  }
  return 0;
}

void touch_memory() {
  void* memory =
      mmap(nullptr, kTouched, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::runtime_error("no memory");
  // Huge pages would make a fork look cheap.
  madvise(memory, kTouched, MADV_NOHUGEPAGE);
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  for (std::size_t at = 0; at < kTouched; at += page) static_cast<volatile char*>(memory)[at] = 1;
}

}  // namespace

int be_a_sample_of_the_first_start() {
  touch_memory();
  std::int64_t begin = now_ns();
  mirakuru::SimpleExecutor executor({"sleep", "60"});
  executor.start();
  const std::int64_t with_mirakuru = now_ns() - begin;
  executor.stop();

  begin = now_ns();
  PlainProcess process({"sleep", "60"});
  const std::int64_t without = now_ns() - begin;
  process.terminate();

  std::printf("%lld %lld\n", static_cast<long long>(with_mirakuru),
              static_cast<long long>(without));
  return 0;
}

void measure_first_start(Report& report) {
  if (available_memory() < static_cast<long>(kTouched / 1024 * 5 / 4)) {
    return report.not_measured(kWhat, "too little memory is free");
  }
  const std::string self = std::filesystem::read_symlink("/proc/self/exe").string();
  Samples with_mirakuru;
  Samples without;
  constexpr int kRuns = 9;
  for (int i = 0; i < kRuns; ++i) {
    std::FILE* sample = popen((self + " --sample-of-the-first-start").c_str(), "r");
    long long first = 0;
    long long second = 0;
    const bool told = sample != nullptr && std::fscanf(sample, "%lld %lld", &first, &second) == 2;
    if (sample == nullptr || pclose(sample) != 0 || !told) {
      throw std::runtime_error("a sample of the first start failed");
    }
    with_mirakuru.add(first);
    without.add(second);
  }
  report.below(kWhat, 10, with_mirakuru.median(), "ms", in_unit(without.median(), "ms"));
}

}  // namespace benchmarks
