#include "mirakuru/service.hpp"

#include <algorithm>
#include <exception>
#include <mutex>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "executor/executor_impl.hpp"
#include "service_registry.hpp"
#include "show_output.hpp"

namespace mirakuru::plugin {
namespace {

std::string current_exception_message() {
  try {
    throw;
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "an exception that is not a std::exception was thrown";
  }
}

}  // namespace

Service::~Service() {
  Registry& all = Registry::get();
  const std::lock_guard lock(all.mutex);
  for (auto* list : {&all.environment, &all.for_all_tests, &all.created, &all.failed,
                     &all.failed_in_suite_setup}) {
    list->erase(std::remove(list->begin(), list->end(), this), list->end());
  }
}

std::optional<TestFailure> Service::ensure_ready() {
  const std::lock_guard lock(Registry::get().mutex);
  if (try_start()) return std::nullopt;
  return report_failure();
}

SimpleExecutor& Service::executor_or_throw() {
  Registry& all = Registry::get();
  const std::lock_guard lock(all.mutex);
  const bool starting = all.is_starting(*this);
  if (starting && executor_ == nullptr) {
    throw ServiceNotReady(absl::StrCat(declaration_.name, " is not ready: it depends on itself"));
  }
  // A check may use the executor that is being started.
  if (starting) return *executor_;
  if (!all.being_started.empty()) add_dependent(*all.being_started.back());
  if (executor_ != nullptr && ready_in_phase_ == all.phase) return *executor_;
  if (!all.in_run) {
    throw ServiceNotReady(absl::StrCat(declaration_.name,
                                       " is not ready: services are started only while tests run"));
  }
  if (try_start()) return *executor_;
  if (!all.being_started.empty()) throw ServiceNotReady(summary(), this);
  if (all.in_suite && !all.in_test) {
    // A framework may report a failure in the set-up of a suite without its text, or as skipped
    // tests. So ensure_environment_ready() lets the tests fail with the full report.
    all.failed_in_suite_setup.push_back(this);
    throw ServiceNotReady(absl::StrCat(summary(), " (see the tests)"));
  }
  throw ServiceNotReady(report_failure().text);
}

void Service::add_dependent(Service& other) {
  if (std::find(other.dependencies_.begin(), other.dependencies_.end(), this) ==
      other.dependencies_.end()) {
    other.dependencies_.push_back(this);
  }
  extend_lifetime(other.effective_scope());
}

void Service::extend_lifetime(Scope scope) {
  if (effective_scope() >= scope) return;
  extended_scope_ = scope;
  for (Service* dependency : dependencies_) dependency->extend_lifetime(scope);
}

Scope Service::effective_scope() const { return std::max(declaration_.scope, extended_scope_); }

bool Service::try_start() {
  if (!failure_report_.empty()) return false;
  try {
    if (!declared_twice_.empty()) throw ServiceNotReady(declared_twice_);
    const MarkAsStarting guard({this});
    prepare();
    if (!Registry::get().in_fork() && !executor_->running()) executor_->start();
    mark_ready();
    return true;
  } catch (...) {
    record_failure();
    return false;
  }
}

// Everything that a start needs except executor_->start(). The service may be running afterwards.
void Service::prepare() {
  Registry& all = Registry::get();
  if (all.in_fork()) {
    if (executor_ != nullptr) return;  // the parent's service: its ports are still right
    throw ServiceNotReady("a fork of the test program starts no services");
  }
  if (executor_ == nullptr) {
    executor_ = &make();
    all.created.push_back(this);
  } else {
    for (Service* dependency : dependencies_) {
      if (!dependency->try_start()) throw ServiceNotReady(dependency->summary(), dependency);
    }
  }
  if (all.in_reexecuted_program()) {
    attach_to_parent();
    return;
  }
  if (has_died()) report_death();
  if (death_reported_) executor_->kill();  // processes that it left behind
}

void Service::mark_ready() {
  Registry& all = Registry::get();
  ready_in_phase_ = all.phase;
  death_reported_ = false;
  all.publish_handles();
}

void Service::record_failure() {
  failed_dependency_ = nullptr;
  try {
    throw;
  } catch (const ServiceNotReady& error) {
    failure_report_ = error.what();
    failed_dependency_ = error.service();
  } catch (...) {
    failure_report_ = current_exception_message();
  }
  reported_ = false;
  Registry::get().failed.push_back(this);
}

std::string Service::summary() const {
  return absl::StrCat(declaration_.name,
                      " is not ready: ", failure_report_.substr(0, failure_report_.find('\n')));
}

TestFailure Service::report_failure() {
  if (reported_) {
    return make_failure(absl::StrCat(
        summary(), reported_in_.empty() ? " (see above)" : " (see " + reported_in_ + ")"));
  }
  const Registry& all = Registry::get();
  reported_ = true;
  reported_in_ = all.in_test ? all.test : "";
  return make_failure(absl::StrCat(
      declaration_.name, " is not ready: ",
      failed_dependency_ == nullptr ? failure_report_ : failed_dependency_->report_failure().text));
}

TestFailure Service::make_failure(std::string text) const {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return {declaration_.file, declaration_.line, std::move(text)};
}

std::string Service::output_of_partial_test() const {
  return absl::StrCat(detail::output_since(executor_->output(), out_start_, "stdout"),
                      detail::output_since(executor_->err_output(), err_start_, "stderr"));
}

bool Service::has_died() const {
  if (death_reported_) return false;
  impl().flush();  // a test may notice the death before the shepherd has reported it
  return executor_->died();
}

void Service::report_death() {
  Registry& all = Registry::get();
  death_reported_ = true;
  const auto status = executor_->exit_status();
  const std::string output = output_of_partial_test();
  all.failures.push_back(
      make_failure(absl::StrCat(declaration_.name, " died ", all.phase_name(), ": ",
                                status ? status->to_string() : "none of its processes is left",
                                "\n", output.empty() ? executor_->report() : output)));
}

void Service::begin_partial_test() {
  if (has_died()) report_death();
  // As Output::mark(), which would flush once more.
  out_start_ = impl().log(detail::OutputStream::std_out).log().end();
  err_start_ = impl().log(detail::OutputStream::std_err).log().end();
}

void Service::stop() {
  if (has_died()) report_death();
  try {
    if (death_reported_) {
      executor_->kill();
    } else {
      executor_->stop();
    }
  } catch (...) {
    Registry::get().failures.push_back(make_failure(
        absl::StrCat(declaration_.name, " did not stop cleanly: ", current_exception_message())));
  }
}

void Service::destroy_executor() {
  destroy();
  executor_ = nullptr;
  dependencies_.clear();
  extended_scope_ = Scope::test;
  out_start_ = 0;
  err_start_ = 0;
  death_reported_ = false;
}

detail::ExecutorImpl& Service::impl() const { return detail::impl_of(*executor_); }

std::string Service::key() const {
  return absl::StrCat(declaration_.file, ":", declaration_.line, ":", declaration_.name, "\t");
}

std::string Service::handle_line() const { return absl::StrCat(key(), impl().serialize(), "\n"); }

void Service::attach_to_parent() {
  const std::string published = Registry::published_handles();
  for (std::string_view rest = published; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    const std::string start = key();
    if (line.substr(0, start.size()) != start) continue;
    impl().adopt(std::string(line.substr(start.size())));
    return;
  }
  throw ServiceNotReady(
      "the test program does not run it, and the process of a death test starts no services");
}

}  // namespace mirakuru::plugin
