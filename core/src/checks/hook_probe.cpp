#include "checks/hook_probe.hpp"

#include <exception>
#include <utility>

#include "base/log.hpp"
#include "base/text.hpp"
#include "mirakuru/errors.hpp"

namespace mirakuru::detail {

HookProbe::HookProbe(SimpleExecutor& executor, std::unique_ptr<Probe> check)
    : executor_(executor), check_(std::move(check)) {}

bool HookProbe::examine_before_start() {
  is_examining_ = check_ != nullptr && !check_->examine_before_start();
  return !is_examining_;
}

std::optional<std::string> HookProbe::already_running() {
  try {
    if (!executor_.pre_start_check()) return std::nullopt;
    return found_by_check_ ? *found_by_check_ : "its pre_start_check() returned true";
  } catch (const ExecutorError&) {
    throw;
  } catch (const std::exception& error) {
    // Clients commonly throw while the service does not answer yet.
    log(LogLevel::info,
        executor_.name() + ": its pre_start_check() threw: " + readable(error.what()));
    return std::nullopt;
  }
}

bool HookProbe::check_before_start() {
  if (check_ == nullptr) return false;
  found_by_check_ = check_->already_running();
  return found_by_check_.has_value();
}

void HookProbe::add_to(std::map<std::string, std::string>& environment) {
  if (check_ != nullptr) check_->add_to(environment);
}

bool HookProbe::ready() {
  asked_check_ = false;
  error_.clear();
  bool ready = false;
  try {
    ready = executor_.after_start_check();
  } catch (const StartupFailed&) {
    throw;
  } catch (const StartError&) {
    throw;
  } catch (const std::exception& error) {
    // Clients commonly throw while the service does not answer yet.
    error_ = error.what();
  }
  if (!ready && !waits_for_check() && backoff_.due()) backoff_.tried();
  return ready;
}

bool HookProbe::check_after_start() {
  if (check_ == nullptr) {
    throw StartupFailed(
        "nothing says when it is ready: it has neither a check nor an after_start_check() of its "
        "own");
  }
  asked_check_ = true;
  if (!check_is_ready_) check_is_ready_ = check_->ready();
  return check_is_ready_;
}

void HookProbe::wait_on(WaitSet& set) {
  if (is_examining_ || waits_for_check()) {
    check_->wait_on(set);
  } else {
    set.wake_at(backoff_.next());
  }
}

std::string HookProbe::last_answer() const {
  if (!error_.empty()) return "it threw: " + readable(error_);
  return waits_for_check() ? check_->last_answer() : "its after_start_check() returned false";
}

bool HookProbe::met_foreign_process() const {
  return waits_for_check() && check_->met_foreign_process();
}

}  // namespace mirakuru::detail
