// test_begins MOMENTS: a test that only records when it began (see moments.hpp).
#include <cstdio>

#include "moments.hpp"

int main(int argc, char** argv) {
  const std::int64_t now = benchmarks::now_ns();
  if (argc != 2) return 2;
  benchmarks::Moments* const moments = benchmarks::map_moments(argv[1]);
  if (moments == nullptr) {
    std::perror(argv[1]);
    return 1;
  }
  moments->test = now;
  return 0;
}
