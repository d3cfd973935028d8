// Waits until a condition is true. The deadline only ends a failing test.
#ifndef MIRAKURU_TESTS_SUPPORT_WAIT_UNTIL_HPP_
#define MIRAKURU_TESTS_SUPPORT_WAIT_UNTIL_HPP_

#include <chrono>
#include <thread>

namespace mirakuru::tests {

template <typename Predicate>
bool WaitUntil(Predicate is_true, std::chrono::milliseconds limit = std::chrono::seconds(10)) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!is_true()) {
    if (std::chrono::steady_clock::now() >= deadline) return is_true();
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

}  // namespace mirakuru::tests

#endif  // MIRAKURU_TESTS_SUPPORT_WAIT_UNTIL_HPP_
