#include "executor/startup.hpp"

#include <csignal>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "base/log.hpp"
#include "base/pattern.hpp"
#include "base/text.hpp"
#include "checks/check_implementation.hpp"
#include "executor/failure_report.hpp"
#include "mirakuru/errors.hpp"

namespace mirakuru::detail {
namespace {

// What servers say where they cannot have their address (EADDRINUSE).
bool complains_of_address(const ExecutorState& executor) {
  static const Pattern kInUse("(?i)address.{0,20} in use|EADDRINUSE|port.{0,20} in use", "");
  for (const int number : {1, 2}) {
    ExecutorState::CapturedStream& stream = executor.stream(number);
    if (kInUse.found_in(stream.log.tail(stream.begin, 50))) return true;
  }
  return false;
}

}  // namespace

Startup::Startup(ExecutorState& executor)
    : executor_(executor),
      begin_(Clock::now()),
      deadline_(Deadline::after(scaled(executor.options().start_timeout))),
      attempts_left_(executor.options().start_attempts.value_or(3)) {
  attempt();
}

Startup::~Startup() {
  if (!finished_) executor_.abandon();
}

void Startup::attempt() {
  --attempts_left_;
  try {
    if (executor_.waits()) executor_.begin_check();
    if (executor_.ask_pre_start_check()) {
      const std::string& who = executor_.foreign_process();
      throw AlreadyRunning(failure_report(
          executor_,
          absl::StrCat("already running before the start",
                       who.empty() ? ": its pre_start_check() says so" : ": " + who),
          {waited_for(), {}, {}, "stop the other one, or let {port} choose a free port"}));
    }
    executor_.launch();
  } catch (const std::system_error& error) {
    // No directory, no port, no supervisor: whatever it is, the service cannot be started.
    finished_ = true;
    executor_.abandon();
    throw StartError(failure_report(executor_, absl::StrCat("cannot be started: ", error.what())),
                     error.code(), executor_.command().words().front());
  } catch (...) {
    finished_ = true;
    executor_.abandon();
    throw;
  }
}

bool Startup::advance() {
  while (true) {
    executor_.update();
    bool ready = false;
    try {
      ready = executor_.ask_after_start_check();
    } catch (const StartupFailed& error) {
      const std::string what = error.what();
      throw StartupFailed(failure_report(executor_, what, {waited_for(), waited(), {}, {}, true}));
    }
    if (executor_.waits()) {
      // Asked once more: what ended while it was being checked is not ready.
      if (ready) executor_.update();
      if (ended_too_early()) {
        if (!may_try_again()) fail_as_ended();
        executor_.abandon();
        executor_.placeholder_values().renew_ports();
        // It seems not to set SO_REUSEADDR; then nobody may hold its ports.
        executor_.placeholder_values().hold_ports_only_while_stopped();
        log(LogLevel::info, executor_.name() + ": its address was in use, trying another port");
        attempt();
        continue;
      }
    }
    if (ready) {
      finished_ = true;
      executor_.set_ready();
      return true;
    }
    if (deadline_.expired() && !may_look_again()) fail_as_timed_out();
    if (!executor_.waits_on_probe() && backoff_.due()) backoff_.tried();
    return false;
  }
}

void Startup::wait_on(WaitSet& set) const {
  executor_.process()->wait_on(set);
  set.wake_at(deadline_.time());
  if (executor_.waits_on_probe()) {
    executor_.probe()->wait_on(set);
  } else {
    set.wake_at(backoff_.next());
  }
}

bool Startup::ended_too_early() const {
  const ServiceProcess& process = *executor_.process();
  if (process.lost()) return true;
  if (!process.main_status()) return false;
  if (process.main_status()->returncode() != 0) return true;
  return process.all_ended() && !executor_.options().launcher;
}

bool Startup::may_try_again() const {
  return attempts_left_ > 0 && !deadline_.expired() &&
         (executor_.options().start_attempts || executor_.placeholder_values().has_ports()) &&
         complains_of_address(executor_);
}

bool Startup::may_look_again() {
  constexpr std::chrono::milliseconds kLate(100);
  constexpr std::chrono::milliseconds kLastLook(1000);
  if (looked_again_ || Clock::now() - deadline_.time() < kLate) return false;
  looked_again_ = true;
  deadline_ = Deadline::after(scaled(kLastLook));
  return true;
}

void Startup::fail_as_ended() {
  const ServiceProcess& process = *executor_.process();
  const ExitStatus status = process.main_status().value_or(ExitStatus::from_wait_status(SIGKILL));
  std::string headline = "ended before it was ready: ";
  if (process.lost()) {
    headline += process.loss_in_words();
  } else if (process.left_others()) {
    headline += "the processes that it left behind ended";
  } else {
    headline += status.to_string();
  }
  throw ProcessExitedWithError(
      failure_report(executor_, headline, {waited_for(), waited(), last_answer(), {}}), status);
}

void Startup::fail_as_timed_out() {
  // Throws where it is the shepherd that does not answer.
  executor_.flush();
  const std::string answer = last_answer();
  const std::string what = failure_report(
      executor_,
      absl::StrCat("not ready within ", in_words(scaled(executor_.options().start_timeout)),
                   answer.empty() ? "" : ": ", answer),
      {waited_for(), waited(), answer, {}, true});
  if (executor_.waits_on_probe() && executor_.probe()->met_foreign_process())
    throw AlreadyRunning(what);
  throw TimeoutExpired(what);
}

std::string Startup::last_answer() const {
  if (!executor_.hook_error().empty()) return "it threw: " + readable(executor_.hook_error());
  if (executor_.waits_on_probe()) return executor_.probe()->last_answer();
  return executor_.waits() ? "its after_start_check() said false" : "";
}

std::string Startup::waited_for() const {
  if (!executor_.waits()) return "";
  if (!executor_.check()) return "its after_start_check() to say true";
  return executor_.check()->definition().describe(&executor_);
}

std::chrono::milliseconds Startup::waited() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin_);
}

}  // namespace mirakuru::detail
