// When a service got ready and ended, and when a test began. They record it in memory that is
// shared with the benchmark, since a write to a file or pipe would be part of the measured time.
#ifndef MIRAKURU_BENCHMARKS_MOMENTS_HPP_
#define MIRAKURU_BENCHMARKS_MOMENTS_HPP_

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <ctime>

namespace benchmarks {

struct Moments {
  std::atomic<std::int64_t> ready;  // nanoseconds of CLOCK_MONOTONIC; 0: not yet
  std::atomic<std::int64_t> ended;  // in the handler of SIGTERM
  std::atomic<std::int64_t> test;   // peers/test.spec.js uses this offset
};

inline std::int64_t now_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * 1000000000 + now.tv_nsec;
}

// Null if it cannot be mapped.
inline Moments* map_moments(const char* path) {
  const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0 || ftruncate(fd, sizeof(Moments)) != 0) return nullptr;
  void* memory = mmap(nullptr, sizeof(Moments), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  return memory == MAP_FAILED ? nullptr : static_cast<Moments*>(memory);
}

}  // namespace benchmarks

#endif  // MIRAKURU_BENCHMARKS_MOMENTS_HPP_
