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

std::string current_exception_in_words() {
  try {
    throw;
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "something was thrown that is no std::exception";
  }
}

}  // namespace

Service::~Service() {
  Registry& all = Registry::get();
  const std::lock_guard lock(all.mutex);
  for (auto* list :
       {&all.environment, &all.every_test, &all.made, &all.failed, &all.failed_in_suite}) {
    list->erase(std::remove(list->begin(), list->end(), this), list->end());
  }
}

std::optional<Failure> Service::require() {
  const std::lock_guard lock(Registry::get().mutex);
  if (bring_up()) return std::nullopt;
  return tell();
}

SimpleExecutor& Service::demand() {
  Registry& all = Registry::get();
  const std::lock_guard lock(all.mutex);
  const bool coming_up = all.is_coming_up(*this);
  if (coming_up && executor_ == nullptr) {
    throw ServiceNotReady(absl::StrCat(definition_.name, " is not ready: it needs itself"));
  }
  // A check may ask for the executor that is being started.
  if (coming_up) return *executor_;
  if (!all.coming_up.empty()) needed_by(*all.coming_up.back());
  if (executor_ != nullptr && seen_in_test_ == all.test_number) return *executor_;
  if (!all.in_run) {
    throw ServiceNotReady(
        absl::StrCat(definition_.name, " is not ready: nothing is started while ", "no tests run"));
  }
  if (bring_up()) return *executor_;
  if (!all.coming_up.empty()) throw ServiceNotReady(summary(), this);
  if (all.in_suite && !all.in_test) {
    // What fails in the set-up of a suite is reported poorly, or as if the tests had been skipped.
    // So they shall fail with the story.
    all.failed_in_suite.push_back(this);
    throw ServiceNotReady(absl::StrCat(summary(), " (the tests tell more)"));
  }
  throw ServiceNotReady(tell().text);
}

void Service::needed_by(Service& other) {
  if (std::find(other.needs_.begin(), other.needs_.end(), this) == other.needs_.end()) {
    other.needs_.push_back(this);
  }
  live_as_long_as(other.lifetime());
}

void Service::live_as_long_as(Scope scope) {
  if (lifetime() >= scope) return;
  extended_ = scope;
  for (Service* need : needs_) need->live_as_long_as(scope);
}

Scope Service::lifetime() const { return std::max(definition_.scope, extended_); }

bool Service::bring_up() {
  if (!failure_report_.empty()) return false;
  try {
    if (!defined_twice_.empty()) throw ServiceNotReady(defined_twice_);
    const ComingUp guard({this});
    prepare();
    if (!Registry::get().in_fork() && !executor_->running()) executor_->start();
    ready();
    return true;
  } catch (...) {
    remember_failure();
    return false;
  }
}

// Afterwards it runs, or executor_->start() is all that is left to do.
void Service::prepare() {
  Registry& all = Registry::get();
  if (all.in_fork()) {
    if (executor_ != nullptr) return;  // of its parent's service: its ports are still true
    throw ServiceNotReady("a fork of the test program starts nothing");
  }
  if (executor_ == nullptr) {
    executor_ = &make();
    all.made.push_back(this);
  } else {
    for (Service* need : needs_) {
      if (!need->bring_up()) throw ServiceNotReady(need->summary(), need);
    }
  }
  if (all.in_copy()) {
    attach();
    return;
  }
  if (has_died()) report_death();
  if (death_reported_) executor_->kill();  // what it left behind
}

void Service::ready() {
  Registry& all = Registry::get();
  seen_in_test_ = all.test_number;
  death_reported_ = false;
  all.publish();
}

void Service::remember_failure() {
  cause_ = nullptr;
  try {
    throw;
  } catch (const ServiceNotReady& error) {
    failure_report_ = error.what();
    cause_ = error.service();
  } catch (...) {
    failure_report_ = current_exception_in_words();
  }
  told_ = false;
  Registry::get().failed.push_back(this);
}

std::string Service::summary() const {
  return absl::StrCat(definition_.name,
                      " is not ready: ", failure_report_.substr(0, failure_report_.find('\n')));
}

Failure Service::tell() {
  if (told_) {
    return failure(absl::StrCat(
        summary(), told_in_.empty() ? " (as told before)" : " (" + told_in_ + " tells more)"));
  }
  const Registry& all = Registry::get();
  told_ = true;
  told_in_ = all.in_test ? all.test : "";
  return failure(absl::StrCat(definition_.name, " is not ready: ",
                              cause_ == nullptr ? failure_report_ : cause_->tell().text));
}

Failure Service::failure(std::string text) const {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return {definition_.file, definition_.line, std::move(text)};
}

std::string Service::printed() const {
  return absl::StrCat(detail::output_since(executor_->output(), mark_, "stdout"),
                      detail::output_since(executor_->err_output(), err_mark_, "stderr"));
}

bool Service::has_died() const {
  if (death_reported_) return false;
  impl().flush();  // a test may have noticed before the shepherd has told
  return executor_->died();
}

void Service::report_death() {
  Registry& all = Registry::get();
  death_reported_ = true;
  const auto status = executor_->exit_status();
  const std::string output = printed();
  all.failures.push_back(
      failure(absl::StrCat(definition_.name, " died ", all.when(), ": ",
                           status ? status->to_string() : "none of its processes is left", "\n",
                           output.empty() ? executor_->report() : output)));
}

void Service::begin_pass() {
  if (has_died()) report_death();
  // What Output::mark() says, but has_died() has asked for all that was printed.
  mark_ = impl().log(detail::OutputStream::std_out).log().end();
  err_mark_ = impl().log(detail::OutputStream::std_err).log().end();
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
    Registry::get().failures.push_back(failure(
        absl::StrCat(definition_.name, " did not end well: ", current_exception_in_words())));
  }
}

void Service::drop_executor() {
  drop();
  executor_ = nullptr;
  needs_.clear();
  extended_ = Scope::test;
  mark_ = 0;
  err_mark_ = 0;
  death_reported_ = false;
}

detail::ExecutorImpl& Service::impl() const { return detail::impl_of(*executor_); }

std::string Service::key() const {
  return absl::StrCat(definition_.file, ":", definition_.line, ":", definition_.name, "\t");
}

std::string Service::handle() const { return absl::StrCat(key(), impl().serialize(), "\n"); }

void Service::attach() {
  const std::string published = Registry::published();
  for (std::string_view rest = published; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    const std::string start = key();
    if (line.substr(0, start.size()) != start) continue;
    impl().adopt(std::string(line.substr(start.size())));
    return;
  }
  throw ServiceNotReady(
      "the test program does not run it, and the copy of it for a death test starts nothing");
}

}  // namespace mirakuru::plugin
