#include "base/waiting.hpp"

#include <algorithm>
#include <cmath>
#include <ctime>

#include "absl/strings/numbers.h"
#include "base/environment.hpp"
#include "base/log.hpp"
#include "mirakuru/options.hpp"

namespace mirakuru::detail {

using std::chrono::milliseconds;

namespace {

double timeout_scale() {
  const std::string text = variable("MIRAKURU_TIMEOUT_SCALE");
  if (text.empty()) return 1;
  double scale = 1;
  if (!absl::SimpleAtod(text, &scale) || !std::isfinite(scale) || scale <= 0) {
    log(LogLevel::warning, "MIRAKURU_TIMEOUT_SCALE is not a positive number: " + text);
    return 1;
  }
  return scale;
}

}  // namespace

milliseconds scaled(milliseconds timeout) {
  if (timeout == forever) return forever;
  const double result = std::ceil(static_cast<double>(timeout.count()) * timeout_scale());
  constexpr double kMost = 1e15;  // 30,000 years, well within what a double counts exactly
  return result >= kMost ? forever : milliseconds(static_cast<milliseconds::rep>(result));
}

Deadline Deadline::after(milliseconds timeout) {
  const auto now = Clock::now();
  const auto left = std::chrono::duration_cast<milliseconds>(Clock::time_point::max() - now);
  return timeout >= left ? never() : Deadline(now + timeout);
}

milliseconds Deadline::remaining() const {
  if (time_ == Clock::time_point::max()) return forever;
  return std::max(milliseconds(0), std::chrono::ceil<milliseconds>(time_ - Clock::now()));
}

void WaitSet::add(int fd, short events) { fds_.push_back({fd, events, 0}); }

void WaitSet::wake_at(Clock::time_point time) { wake_ = std::min(wake_, time); }

void WaitSet::wait() {
  // ppoll(2) instead of poll(2): a back-off of less than a millisecond needs the finer clock.
  timespec timeout{};
  timespec* limit = nullptr;
  if (wake_ != Clock::time_point::max()) {
    const auto left = std::max(Clock::duration::zero(), wake_ - Clock::now());
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
    timeout.tv_sec = seconds.count();
    timeout.tv_nsec = std::chrono::nanoseconds(left - seconds).count();
    limit = &timeout;
  }
  ::ppoll(fds_.data(), fds_.size(), limit, nullptr);
}

bool ready_to_read(int fd) {
  pollfd one{fd, POLLIN, 0};
  return ::poll(&one, 1, 0) > 0;
}

// What is ready within 60 ms is noticed within a further 2 % of that time. After that the tries
// become rarer: the longer the sleep, the more processor time a wake-up costs (up to 0.1 ms), since
// the caches hold other data by then.
void Backoff::tried() {
  constexpr milliseconds kSoon(60);
  constexpr milliseconds kLongest(150);
  const auto now = Clock::now();
  const auto so_far = now - begin_;
  next_ =
      now + std::clamp<Clock::duration>(so_far / (so_far < kSoon ? 50 : 8), shortest_, kLongest);
}

}  // namespace mirakuru::detail
