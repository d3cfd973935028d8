// Waiting: deadlines, one call that sleeps until one of several events, and intervals for what must
// be polled.
#ifndef MIRAKURU_CORE_SRC_BASE_WAITING_HPP_
#define MIRAKURU_CORE_SRC_BASE_WAITING_HPP_

#include <poll.h>

#include <chrono>
#include <vector>

namespace mirakuru::detail {

using Clock = std::chrono::steady_clock;  // not affected by changes of the wall clock

// The timeout multiplied by MIRAKURU_TIMEOUT_SCALE; saturates.
std::chrono::milliseconds scaled(std::chrono::milliseconds timeout);

class Deadline {
 public:
  // Saturates: a deadline that cannot be represented never expires.
  static Deadline after(std::chrono::milliseconds timeout);
  static Deadline at(Clock::time_point time) { return Deadline(time); }
  static Deadline never() { return Deadline(Clock::time_point::max()); }

  bool expired() const { return Clock::now() >= time_; }
  Clock::time_point time() const { return time_; }
  bool operator<(const Deadline& other) const { return time_ < other.time_; }
  std::chrono::milliseconds remaining() const;  // 0 if expired, `forever` if it never expires

 private:
  explicit Deadline(Clock::time_point time) : time_(time) {}

  Clock::time_point time_;
};

// Collects the events to wake up for, then sleeps until one of them occurs.
class WaitSet {
 public:
  void add(int fd, short events = POLLIN);
  void wake_at(Clock::time_point time);
  // Returns when a descriptor is ready, the earliest time has come, or a signal has arrived.
  void wait();

 private:
  std::vector<pollfd> fds_;
  Clock::time_point wake_ = Clock::time_point::max();
};

// Whether `fd` has data to read, or its peer has closed, now; false for -1.
bool ready_to_read(int fd);

// When to try again if there is no event to wait for: the interval grows in proportion to the time
// waited so far. A quick start is noticed quickly, and a long wait costs little.
class Backoff {
 public:
  Backoff() : Backoff(std::chrono::milliseconds(1)) {}
  // For tries that are a few system calls, answered by the kernel alone.
  static Backoff of_cheap_tries() { return Backoff(std::chrono::microseconds(400)); }

  void tried();
  bool due() const { return Clock::now() >= next_; }
  Clock::time_point next() const { return next_; }

 private:
  explicit Backoff(Clock::duration shortest) : shortest_(shortest) {}

  Clock::duration shortest_;
  Clock::time_point begin_ = Clock::now();
  Clock::time_point next_ = begin_;
};

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_BASE_WAITING_HPP_
