// Waiting without polling: deadlines, and one call that sleeps until any of several things happens.
#ifndef MIRAKURU_CORE_SRC_WAITING_HPP_
#define MIRAKURU_CORE_SRC_WAITING_HPP_

#include <poll.h>

#include <chrono>
#include <vector>

namespace mirakuru::detail {

using Clock = std::chrono::steady_clock;  // a change of the wall clock moves no deadline

// The timeout times MIRAKURU_TIMEOUT_SCALE; saturates.
std::chrono::milliseconds scaled(std::chrono::milliseconds timeout);

class Deadline {
 public:
  // Saturates: what cannot be expressed never expires.
  static Deadline after(std::chrono::milliseconds timeout);
  static Deadline never() { return Deadline(Clock::time_point::max()); }

  bool expired() const { return Clock::now() >= time_; }
  Clock::time_point time() const { return time_; }
  std::chrono::milliseconds remaining() const;  // 0 where expired, `forever` where never

 private:
  explicit Deadline(Clock::time_point time) : time_(time) {}

  Clock::time_point time_;
};

// Collects what is worth waking up for, then sleeps until one of it comes.
class WaitSet {
 public:
  void add(int fd, short events = POLLIN);
  void wake_at(Clock::time_point time);
  // Returns when a descriptor is ready, the earliest time has come, or a signal arrived.
  void wait();

 private:
  std::vector<pollfd> fds_;
  Clock::time_point wake_ = Clock::time_point::max();
};

// Whether there is something to read, or somebody has gone, now; false for -1.
bool ready_to_read(int fd);

// When to try again where nothing can be waited on: soon at first, later after a part of the time
// that it took so far. What starts quickly is noticed quickly, and what takes long costs little.
class Backoff {
 public:
  // For tries that cost the service nothing to speak of: after 1 ms at first, later after a
  // fiftieth, 10 ms at most.
  Backoff() : Backoff(50, std::chrono::milliseconds(1), std::chrono::milliseconds(10)) {}
  // For those of some system calls that nobody but the kernel answers: the same, but after 0.2 ms
  // at first.
  static Backoff of_cheap_tries() {
    return Backoff(50, std::chrono::microseconds(200), std::chrono::milliseconds(10));
  }
  // For those that make it, or another program, work: after a twentieth, 50 ms at most.
  static Backoff of_dear_tries() {
    return Backoff(20, std::chrono::milliseconds(1), std::chrono::milliseconds(50));
  }

  void tried();
  bool due() const { return Clock::now() >= next_; }
  Clock::time_point next() const { return next_; }

 private:
  Backoff(int part, Clock::duration shortest, Clock::duration longest)
      : part_(part), shortest_(shortest), longest_(longest) {}

  int part_;
  Clock::duration shortest_;
  Clock::duration longest_;
  Clock::time_point begin_ = Clock::now();
  Clock::time_point next_ = begin_;
};

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_WAITING_HPP_
