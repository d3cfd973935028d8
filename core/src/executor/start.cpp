#include "executor/start.hpp"

#include <system_error>

#include "absl/strings/str_cat.h"
#include "base/log.hpp"
#include "base/pattern.hpp"
#include "base/text.hpp"
#include "checks/check_implementation.hpp"
#include "executor/failure_report.hpp"
#include "mirakuru/errors.hpp"
#include "process/supervisor_client.hpp"

namespace mirakuru::detail {
namespace {

// What servers print if they cannot bind to their address (EADDRINUSE).
bool complains_of_address(const ExecutorImpl& executor) {
  static const Pattern kInUse("(?i)address.{0,20} in use|EADDRINUSE|port.{0,20} in use", "");
  for (const OutputStream stream : kOutputStreams) {
    ServiceLog& log = executor.log(stream);
    if (kInUse.found_in(log.log().tail(log.begin(), 50))) return true;
  }
  return false;
}

}  // namespace

Start::Start(ExecutorImpl& executor)
    : executor_(executor),
      deadline_(Deadline::after(scaled(executor.options().start_timeout))),
      attempts_left_(executor.options().start_attempts.value_or(3)) {}

Start::~Start() {
  if (phase_ != Phase::ready && phase_ != Phase::begin) executor_.abandon();
}

bool Start::step(bool may_launch) {
  while (phase_ != Phase::ready) {
    if (phase_ != Phase::waiting && !launch(may_launch)) return false;
    executor_.update();
    bool ready = is_ready();
    if (executor_.waits()) {
      // Once more: a service that ended during the check is not ready.
      if (ready) executor_.update();
      if (ended_too_early()) {
        if (!may_try_again()) fail_as_ended();
        try_another_port();
        continue;
      }
    }
    if (ready) {
      if (log_enabled(LogLevel::info)) {
        log(LogLevel::info, absl::StrCat(executor_.name(), ": ready after ", in_words(waited())));
      }
      executor_.set_ready();
      phase_ = Phase::ready;
    } else if (deadline_.expired() && !may_check_again()) {
      fail_as_timed_out();
    } else {
      log_answer();
      return false;
    }
  }
  return true;
}

void Start::log_answer() {
  if (!log_enabled(LogLevel::debug) || last_answer() == logged_answer_) return;
  logged_answer_ = last_answer();
  log(LogLevel::debug,
      absl::StrCat(executor_.name(), ": waiting for ", waited_for(), ": ", logged_answer_));
}

bool Start::launch(bool may_launch) {
  try {
    if (phase_ == Phase::begin) begin_attempt();
    if (phase_ == Phase::examining) {
      if (!examine_before_start()) return false;
      phase_ = Phase::examined;
    }
    if (phase_ == Phase::examined) {
      if (!may_launch) return false;
      executor_.launch();
      launch_begin_ = Clock::now();
      phase_ = Phase::launching;
    }
    if (!executor_.is_launched(launch_deadline())) return false;
    phase_ = Phase::waiting;
    return true;
  } catch (const std::system_error& error) {
    // No directory, no port, no supervisor: in any case the service cannot be started.
    throw StartError(failure_report(executor_, absl::StrCat("cannot be started: ", error.what())),
                     error.code(), executor_.command().words().front());
  }
}

// A helper gets some time to answer, even if the deadline of the service is shorter.
Deadline Start::launch_deadline() const {
  const Deadline least = Deadline::at(launch_begin_ + scaled(kSilence));
  return deadline_ < least ? least : deadline_;
}

void Start::begin_attempt() {
  --attempts_left_;
  phase_ = Phase::examining;
  executor_.prepare_start();
}

bool Start::examine_before_start() {
  if (!executor_.probe().examine_before_start() && !deadline_.expired()) return false;
  const std::optional<std::string> who = executor_.probe().already_running();
  if (!who) return true;
  FailureFacts facts;
  facts.waited_for = waited_for();
  facts.hint = "stop the other one, or let {port} choose a free port";
  throw AlreadyRunning(
      failure_report(executor_, absl::StrCat("already running before the start: ", *who), facts));
}

bool Start::is_ready() {
  try {
    return executor_.probe().ready();
  } catch (const StartupFailed& error) {
    FailureFacts facts;
    facts.waited_for = waited_for();
    facts.waited = waited();
    facts.given_up = true;
    throw StartupFailed(failure_report(executor_, error.what(), facts));
  }
}

void Start::try_another_port() {
  executor_.abandon();
  executor_.placeholder_values().renew_ports();
  // It seems not to set SO_REUSEADDR; then its ports must not be held while it runs.
  executor_.placeholder_values().hold_ports_only_while_stopped();
  log(LogLevel::info, executor_.name() + ": its address was in use, trying another port");
  phase_ = Phase::begin;
}

void Start::wait_on(WaitSet& set) const {
  if (phase_ == Phase::begin) return set.wake_at(Clock::now());
  if (phase_ == Phase::examined) return;  // the StartLoop knows when it may launch
  if (phase_ == Phase::launching) return executor_.wait_on_launch(set, launch_deadline());
  if (phase_ == Phase::waiting) executor_.process()->wait_on(set);
  set.wake_at(deadline_.time());
  executor_.probe().wait_on(set);
}

bool Start::ended_too_early() const {
  const ServiceProcess& process = *executor_.process();
  if (process.lost()) return true;
  if (!process.main_status()) return false;
  if (process.main_status()->returncode() != 0) return true;
  return process.all_ended() && !executor_.options().launcher;
}

bool Start::may_try_again() const {
  return attempts_left_ > 0 && !deadline_.expired() &&
         (executor_.options().start_attempts || !executor_.placeholder_values().ports().empty()) &&
         complains_of_address(executor_);
}

bool Start::may_check_again() {
  constexpr std::chrono::milliseconds kLate(100);
  constexpr std::chrono::milliseconds kLastCheck(1000);
  if (checked_again_ || Clock::now() - deadline_.time() < kLate) return false;
  checked_again_ = true;
  deadline_ = Deadline::after(scaled(kLastCheck));
  return true;
}

void Start::fail_as_ended() {
  const ServiceProcess& process = *executor_.process();
  std::string headline = "ended before it was ready: ";
  if (process.lost()) {
    headline += process.loss_in_words();
  } else if (process.left_others()) {
    headline += "the processes that it left behind ended";
  } else {
    headline += process.main_status()->to_string();
  }
  FailureFacts facts;
  facts.waited_for = waited_for();
  facts.waited = waited();
  facts.last_answer = last_answer();
  throw ProcessExitedWithError(failure_report(executor_, headline, facts), process.main_status());
}

void Start::fail_as_timed_out() {
  // Throws if it is the shepherd that does not answer.
  executor_.flush();
  FailureFacts facts;
  facts.waited_for = waited_for();
  facts.waited = waited();
  facts.last_answer = last_answer();
  facts.given_up = true;
  const std::string what = failure_report(
      executor_,
      absl::StrCat("not ready within ", in_words(scaled(executor_.options().start_timeout)),
                   facts.last_answer.empty() ? "" : ": ", facts.last_answer),
      facts);
  if (executor_.probe().met_foreign_process()) throw AlreadyRunning(what);
  throw TimeoutExpired(what);
}

std::string Start::last_answer() const {
  return executor_.waits() && phase_ == Phase::waiting ? executor_.probe().last_answer() : "";
}

std::string Start::waited_for() const {
  if (!executor_.waits()) return "";
  if (!executor_.check()) return "its after_start_check() to return true";
  return executor_.check()->implementation().describe(
      [this](const std::string& text) { return executor_.expand(text); });
}

std::chrono::milliseconds Start::waited() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin_);
}

}  // namespace mirakuru::detail
