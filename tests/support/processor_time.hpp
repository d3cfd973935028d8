// The processor time of the test program, by which a wait that does not sleep is found.
#ifndef MIRAKURU_TESTS_SUPPORT_PROCESSOR_TIME_HPP_
#define MIRAKURU_TESTS_SUPPORT_PROCESSOR_TIME_HPP_

#include <chrono>
#include <ctime>

namespace mirakuru::tests {

inline std::chrono::nanoseconds ProcessorTime() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

}  // namespace mirakuru::tests

#endif  // MIRAKURU_TESTS_SUPPORT_PROCESSOR_TIME_HPP_
