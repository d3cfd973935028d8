#include "checks/host_lookup.hpp"

#include <fcntl.h>

#include <cerrno>
#include <csignal>
#include <system_error>
#include <thread>
#include <utility>

#include "absl/strings/match.h"
#include "base/text.hpp"

namespace mirakuru::detail {
namespace {

HostLookup::Result look_up(const std::string& host, const std::string& port, int flags) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &found);
  if (error == 0) return {AddressList(found), ""};
  return {nullptr, error == EAI_SYSTEM ? errno_in_words(errno) : gai_strerror(error)};
}

// Threads that are created during its lifetime get none of the test program's signals.
class NoSignals {
 public:
  NoSignals() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~NoSignals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  NoSignals(const NoSignals&) = delete;
  NoSignals& operator=(const NoSignals&) = delete;

 private:
  sigset_t before_{};
};

using Promise = std::promise<HostLookup::Result>;

// Returns the other end of a pipe that is closed after the result was set.
UniqueFd look_up_in_thread(const std::string& host, const std::string& port,
                           const std::shared_ptr<Promise>& result) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    result->set_value({nullptr, "cannot create a pipe: " + errno_in_words(errno)});
    return {};
  }
  UniqueFd answered(ends[0]);
  const NoSignals no_signals;
  try {
    std::thread([host, port, result, end = UniqueFd(ends[1])]() mutable {
      result->set_value(look_up(host, port, 0));
      // Not only its end: a copy of this process that was forked meanwhile would hold it open.
      (void)!::write(end.get(), "", 1);
    }).detach();
  } catch (const std::system_error& error) {
    result->set_value({nullptr, std::string("cannot create a thread: ") + error.what()});
  }
  return answered;
}

}  // namespace

HostLookup::HostLookup(const std::string& host, const std::string& port) {
  const auto result = std::make_shared<Promise>();
  result_ = result->get_future();
  Result numeric = look_up(host, port, AI_NUMERICHOST);
  if (numeric.addresses != nullptr) {
    result->set_value(std::move(numeric));
  } else if (absl::EqualsIgnoreCase(host, "localhost")) {
    result->set_value(look_up(host, port, 0));
  } else {
    answered_ = look_up_in_thread(host, port, result);
  }
}

std::optional<HostLookup::Result> HostLookup::take_result() {
  if (result_.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return std::nullopt;
  return result_.get();
}

void HostLookup::wait_on(WaitSet& set) const {
  if (answered_) set.add(answered_.get());
}

std::chrono::milliseconds HostLookup::duration() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin_);
}

}  // namespace mirakuru::detail
