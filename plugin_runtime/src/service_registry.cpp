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

// One header may have been included by two different paths.
bool same_place(const ServiceDeclaration& declaration, std::string_view file, int line) {
  const auto name = [](std::string_view path) { return path.substr(path.rfind('/') + 1); };
  return line == declaration.line && name(file) == name(declaration.file);
}

}  // namespace

Registry& Registry::get() {
  static Registry* const registry = new Registry;  // never deleted, like the services
  return *registry;
}

bool Registry::is_starting(const Service& service) const {
  return std::find(being_started.begin(), being_started.end(), &service) != being_started.end();
}

void Registry::publish_handles() const {
  if (is_reexecuted == nullptr || in_reexecuted_program() || in_fork()) return;
  std::string lines;
  for (const Service* service : created) lines += service->handle_line();
  if (lines != published_handles()) setenv(detail::kServicesVariable, lines.c_str(), 1);
}

std::string Registry::published_handles() {
  const char* const lines = std::getenv(detail::kServicesVariable);
  return lines == nullptr ? "" : lines;
}

void Registry::enter_phase(bool suite_runs, bool test_runs) {
  in_suite = suite_runs;
  in_test = test_runs;
  ++phase;
}

std::string Registry::phase_name() const {
  return absl::StrCat(in_test ? "during " : "after ", test.empty() ? "the start" : test);
}

void Registry::start_all(const std::vector<Service*>& services) {
  std::vector<Service*> prepared;
  for (Service* service : services) {
    if (!service->failure_report_.empty()) continue;
    try {
      const MarkAsStarting guard({service});
      service->prepare();
      prepared.push_back(service);
    } catch (...) {
      service->record_failure();
    }
  }
  // A dependency of another service has been started, or has failed, by now.
  prepared.erase(std::remove_if(prepared.begin(), prepared.end(),
                                [](Service* service) { return !service->failure_report_.empty(); }),
                 prepared.end());
  const MarkAsStarting guard(prepared);
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
      prepared[i]->mark_ready();
    } catch (...) {
      prepared[i]->record_failure();
    }
  }
}

std::vector<Service*> Registry::created_up_to(Scope longest) const {
  std::vector<Service*> services;
  std::copy_if(created.rbegin(), created.rend(), std::back_inserter(services),
               [&](const Service* service) { return service->effective_scope() <= longest; });
  return services;
}

void Registry::stop(const std::vector<Service*>& services) {
  for (Service* service : services) service->stop();
}

void Registry::destroy(const std::vector<Service*>& services) {
  for (Service* service : services) {
    created.erase(std::find(created.begin(), created.end(), service));
    service->destroy_executor();
  }
  if (!services.empty()) publish_handles();
}

std::vector<TestFailure> Registry::stop_and_destroy(const std::vector<Service*>& services) {
  stop(services);
  destroy(services);
  return std::exchange(failures, {});
}

void Registry::begin_test(const std::string& name) {
  for (Service* service : created) service->begin_partial_test();
  enter_phase(true, true);
  test = name;
  // This test did not cause earlier failures: end_suite() returns them.
  failures_before_test = std::exchange(failures, {});
}

Outcome Registry::end_partial_test(bool test_failed) {
  report_deaths();
  Outcome outcome{std::exchange(failures, {}), ""};
  add_output(test_failed, outcome);
  for (Service* service : created) service->begin_partial_test();
  ++phase;
  return outcome;
}

Outcome Registry::end_test(bool test_failed) {
  report_deaths();
  const std::vector<Service*> ending = created_up_to(Scope::test);
  stop(ending);
  Outcome outcome{std::exchange(failures, std::exchange(failures_before_test, {})), ""};
  add_output(test_failed, outcome);
  destroy(ending);
  in_test = false;
  return outcome;
}

void Registry::report_deaths() const {
  for (Service* service : created) {
    if (service->has_died()) service->report_death();
  }
}

void Registry::add_output(bool test_failed, Outcome& outcome) const {
  const bool failed_now = test_failed || !outcome.failures.empty();
  const detail::ShowOutput show = detail::show_output();
  if (show == detail::ShowOutput::never || (show == detail::ShowOutput::failure && !failed_now)) {
    return;
  }
  for (const Service* service : created) {
    // The report of a death, or of a failed start, included the output.
    if (service->death_reported_ || !service->failure_report_.empty()) continue;
    const std::string output = service->output_of_partial_test();
    if (output.empty()) continue;
    const std::string text =
        absl::StrCat(service->declaration().name, " printed ", phase_name(), ":\n", output);
    if (failed_now) {
      outcome.failures.push_back(service->make_failure(text));
    } else {
      absl::StrAppend(&outcome.output, text);
    }
  }
}

bool register_service(Service& service, const char* file, int line) {
  Registry& all = Registry::get();
  const Lock lock(all.mutex);
  const ServiceDeclaration& declaration = service.declaration();
  if (!same_place(declaration, file, line)) {
    service.declared_twice_ = absl::StrCat(
        "two services have this name, at ", declaration.file, ":", declaration.line, " and at ",
        file, ":", line,
        ", and only one of them gets into the program: put one into another namespace");
  }
  if (declaration.scope == Scope::run &&
      std::count(all.environment.begin(), all.environment.end(), &service) == 0) {
    all.environment.push_back(&service);
  }
  return true;
}

void begin_run() {
  Registry& all = Registry::get();
  const Lock lock(all.mutex);
  all.enter_phase(false, false);
  all.owner = getpid();
  all.in_run = true;
  for (Service* service : std::exchange(all.failed, {})) service->failure_report_.clear();
}

void start_environment() { start_for_all_tests(Registry::get().environment); }

void start_for_all_tests(const std::vector<Service*>& services) {
  Registry& all = Registry::get();
  const Lock lock(all.mutex);
  for (Service* service : services) {
    if (std::count(all.for_all_tests.begin(), all.for_all_tests.end(), service) == 0) {
      all.for_all_tests.push_back(service);
    }
  }
  all.start_all(services);
}

std::vector<TestFailure> stop_for_all_tests(const std::vector<Service*>& services) {
  Registry& all = Registry::get();
  const Lock lock(all.mutex);
  std::vector<Service*> ending = all.created_up_to(Scope::run);
  const auto stays = [&](Service* service) {
    return std::count(services.begin(), services.end(), service) == 0;
  };
  ending.erase(std::remove_if(ending.begin(), ending.end(), stays), ending.end());
  for (Service* service : services) {
    all.for_all_tests.erase(
        std::remove(all.for_all_tests.begin(), all.for_all_tests.end(), service),
        all.for_all_tests.end());
  }
  return all.stop_and_destroy(ending);
}

void begin_suite() {
  Registry& all = Registry::get();
  const Lock lock(all.mutex);
  all.enter_phase(true, false);
  all.failed_in_suite_setup.clear();
}

void begin_test(const std::string& name) {
  Registry& all = Registry::get();
  const Lock lock(all.mutex);
  all.begin_test(name);
}

std::vector<TestFailure> ensure_environment_ready() {
  Registry& all = Registry::get();
  const Lock lock(all.mutex);
  std::vector<TestFailure> failures;
  for (const auto* services : {&all.for_all_tests, &all.failed_in_suite_setup}) {
    for (Service* service : *services) {
      if (auto failure = service->ensure_ready()) failures.push_back(std::move(*failure));
    }
  }
  return failures;
}

Outcome end_partial_test(bool failed) {
  Registry& all = Registry::get();
  const Lock lock(all.mutex);
  return all.end_partial_test(failed);
}

Outcome end_test(bool failed) {
  Registry& all = Registry::get();
  const Lock lock(all.mutex);
  return all.end_test(failed);
}

std::vector<TestFailure> end_suite() {
  Registry& all = Registry::get();
  const Lock lock(all.mutex);
  all.enter_phase(false, false);
  return all.stop_and_destroy(all.created_up_to(Scope::suite));
}

std::vector<TestFailure> end_run() {
  Registry& all = Registry::get();
  const Lock lock(all.mutex);
  all.enter_phase(false, false);
  all.in_run = false;
  all.for_all_tests.clear();
  return all.stop_and_destroy(all.created_up_to(Scope::run));
}

void share_with_reexecuted_program(bool (*is_reexecuted)()) {
  Registry::get().is_reexecuted = is_reexecuted;
}

}  // namespace mirakuru::plugin
