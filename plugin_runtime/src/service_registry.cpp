#include "service_registry.hpp"

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <iterator>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "executor/launch.hpp"
#include "executor/start_loop.hpp"
#include "show_output.hpp"

namespace mirakuru::plugin {
namespace {

using Lock = std::lock_guard<std::recursive_mutex>;

// The same header may have been included by two paths.
bool same_place(const Definition& definition, std::string_view file, int line) {
  const auto name = [](std::string_view path) { return path.substr(path.rfind('/') + 1); };
  return line == definition.line && name(file) == name(definition.file);
}

}  // namespace

Registry& Registry::get() {
  static Registry* const registry = new Registry;  // never deleted, as the services
  return *registry;
}

bool Registry::is_coming_up(const Service& service) const {
  return std::find(coming_up.begin(), coming_up.end(), &service) != coming_up.end();
}

void Registry::publish() const {
  if (is_copy == nullptr || in_copy() || in_fork()) return;
  std::string lines;
  for (const Service* service : made) lines += service->handle();
  if (lines != published()) setenv(detail::kServicesVariable, lines.c_str(), 1);
}

std::string Registry::published() {
  const char* const lines = std::getenv(detail::kServicesVariable);
  return lines == nullptr ? "" : lines;
}

void Registry::enter(bool suite_begins, bool test_begins) {
  in_suite = suite_begins;
  in_test = test_begins;
  ++test_number;
}

std::string Registry::when() const {
  return absl::StrCat(in_test ? "during " : "after ", test.empty() ? "the start" : test);
}

void Registry::start_all(const std::vector<Service*>& services) {
  std::vector<Service*> prepared;
  for (Service* service : services) {
    if (!service->failure_report_.empty()) continue;
    try {
      const ComingUp guard({service});
      service->prepare();
      prepared.push_back(service);
    } catch (...) {
      service->remember_failure();
    }
  }
  // One that another one's factory asked for has been started, or failed, by then.
  prepared.erase(std::remove_if(prepared.begin(), prepared.end(),
                                [](Service* service) { return !service->failure_report_.empty(); }),
                 prepared.end());
  const ComingUp guard(prepared);
  detail::StartLoop loop;
  for (Service* service : prepared) loop.add(service->impl());
  while (loop.step()) {
    detail::WaitSet set;
    loop.wait_on(set);
    set.wait();
  }
  for (std::size_t i = 0; i < prepared.size(); ++i) {
    try {
      if (loop.error(i) != nullptr) std::rethrow_exception(loop.error(i));
      prepared[i]->ready();
    } catch (...) {
      prepared[i]->remember_failure();
    }
  }
}

std::vector<Service*> Registry::made_for(Scope longest) const {
  std::vector<Service*> services;
  std::copy_if(made.rbegin(), made.rend(), std::back_inserter(services),
               [&](const Service* service) { return service->lifetime() <= longest; });
  return services;
}

void Registry::stop(const std::vector<Service*>& services) {
  for (Service* service : services) service->stop();
}

void Registry::drop(const std::vector<Service*>& services) {
  for (Service* service : services) {
    made.erase(std::find(made.begin(), made.end(), service));
    service->drop_executor();
  }
  if (!services.empty()) publish();
}

std::vector<Failure> Registry::end(const std::vector<Service*>& services) {
  stop(services);
  drop(services);
  return std::exchange(failures, {});
}

void Registry::begin_test(const std::string& name) {
  for (Service* service : made) service->begin_pass();
  enter(true, true);
  test = name;
  // What happened before is not this test's fault; the end of the suite tells of it.
  before_test = std::exchange(failures, {});
}

Outcome Registry::end_pass(bool test_failed) {
  report_deaths();
  Outcome outcome{std::exchange(failures, {}), ""};
  add_what_was_printed(test_failed, outcome);
  for (Service* service : made) service->begin_pass();
  ++test_number;
  return outcome;
}

Outcome Registry::end_test(bool test_failed) {
  report_deaths();
  const std::vector<Service*> ending = made_for(Scope::test);
  stop(ending);
  Outcome outcome{std::exchange(failures, std::exchange(before_test, {})), ""};
  add_what_was_printed(test_failed, outcome);
  drop(ending);
  in_test = false;
  return outcome;
}

void Registry::report_deaths() const {
  for (Service* service : made) {
    if (service->has_died()) service->report_death();
  }
}

void Registry::add_what_was_printed(bool test_failed, Outcome& outcome) const {
  const bool failed_now = test_failed || !outcome.failures.empty();
  const detail::ShowOutput show = detail::show_output();
  if (show == detail::ShowOutput::never || (show == detail::ShowOutput::failure && !failed_now)) {
    return;
  }
  for (const Service* service : made) {
    // A death, or a start that failed, has been told together with the output.
    if (service->death_reported_ || !service->failure_report_.empty()) continue;
    const std::string printed = service->printed();
    if (printed.empty()) continue;
    const std::string text =
        absl::StrCat(service->definition().name, " printed ", when(), ":\n", printed);
    if (failed_now) {
      outcome.failures.push_back(service->failure(text));
    } else {
      absl::StrAppend(&outcome.printed, text);
    }
  }
}

bool define(Service& service, const char* file, int line) {
  Registry& all = Registry::get();
  const Lock lock(all.mutex);
  const Definition& definition = service.definition();
  if (!same_place(definition, file, line)) {
    service.defined_twice_ = absl::StrCat(
        "there are two of this name, at ", definition.file, ":", definition.line, " and at ", file,
        ":", line, ", and C++ makes one of them: put one into a namespace of its own");
  }
  if (definition.scope == Scope::run &&
      std::count(all.environment.begin(), all.environment.end(), &service) == 0) {
    all.environment.push_back(&service);
  }
  return true;
}

void begin_run() {
  Registry& all = Registry::get();
  const Lock lock(all.mutex);
  all.enter(false, false);
  all.owner = getpid();
  all.in_run = true;
  for (Service* service : std::exchange(all.failed, {})) service->failure_report_.clear();
}

void start_environment() { start_for_every_test(Registry::get().environment); }

void start_for_every_test(const std::vector<Service*>& services) {
  Registry& all = Registry::get();
  const Lock lock(all.mutex);
  for (Service* service : services) {
    if (std::count(all.every_test.begin(), all.every_test.end(), service) == 0) {
      all.every_test.push_back(service);
    }
  }
  all.start_all(services);
}

std::vector<Failure> stop(const std::vector<Service*>& services) {
  Registry& all = Registry::get();
  const Lock lock(all.mutex);
  std::vector<Service*> ending = all.made_for(Scope::run);
  const auto stays = [&](Service* service) {
    return std::count(services.begin(), services.end(), service) == 0;
  };
  ending.erase(std::remove_if(ending.begin(), ending.end(), stays), ending.end());
  for (Service* service : services) {
    all.every_test.erase(std::remove(all.every_test.begin(), all.every_test.end(), service),
                         all.every_test.end());
  }
  return all.end(ending);
}

void begin_suite() {
  Registry& all = Registry::get();
  const Lock lock(all.mutex);
  all.enter(true, false);
  all.failed_in_suite.clear();
}

void begin_test(const std::string& name) {
  Registry& all = Registry::get();
  const Lock lock(all.mutex);
  all.begin_test(name);
}

std::vector<Failure> require_environment() {
  Registry& all = Registry::get();
  const Lock lock(all.mutex);
  std::vector<Failure> failures;
  for (const auto* services : {&all.every_test, &all.failed_in_suite}) {
    for (Service* service : *services) {
      if (auto failure = service->require()) failures.push_back(std::move(*failure));
    }
  }
  return failures;
}

Outcome end_pass(bool failed) {
  Registry& all = Registry::get();
  const Lock lock(all.mutex);
  return all.end_pass(failed);
}

Outcome end_test(bool failed) {
  Registry& all = Registry::get();
  const Lock lock(all.mutex);
  return all.end_test(failed);
}

std::vector<Failure> end_suite() {
  Registry& all = Registry::get();
  const Lock lock(all.mutex);
  all.enter(false, false);
  return all.end(all.made_for(Scope::suite));
}

std::vector<Failure> end_run() {
  Registry& all = Registry::get();
  const Lock lock(all.mutex);
  all.enter(false, false);
  all.in_run = false;
  all.every_test.clear();
  return all.end(all.made_for(Scope::run));
}

void share_with_copies(bool (*in_copy)()) { Registry::get().is_copy = in_copy; }

}  // namespace mirakuru::plugin
