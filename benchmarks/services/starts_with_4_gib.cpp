// starts_with_4_gib mirakuru | plain: touches 4 GiB, then starts its first process, `sleep`, in
// that way, and prints how many nanoseconds it took.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>

#include "mirakuru/mirakuru.hpp"
#include "moments.hpp"
#include "plain_process.hpp"

namespace {

void touch_memory() {
  constexpr std::size_t kTouched = std::size_t{4} << 30;
  void* memory =
      mmap(nullptr, kTouched, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::runtime_error("no memory");
  // With huge pages, a fork would look cheap.
  madvise(memory, kTouched, MADV_NOHUGEPAGE);
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  for (std::size_t at = 0; at < kTouched; at += page) static_cast<volatile char*>(memory)[at] = 1;
}

std::int64_t start() {
  const std::int64_t begin = benchmarks::now_ns();
  mirakuru::SimpleExecutor executor({"sleep", "60"});
  executor.start();
  return benchmarks::now_ns() - begin;
}

std::int64_t plain_start() {
  const std::int64_t begin = benchmarks::now_ns();
  const benchmarks::PlainProcess process({"sleep", "60"});
  return benchmarks::now_ns() - begin;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  try {
    touch_memory();
    const std::int64_t ns = std::string(argv[1]) == "plain" ? plain_start() : start();
    std::printf("%lld\n", static_cast<long long>(ns));
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", argv[0], error.what());
    return 1;
  }
}
