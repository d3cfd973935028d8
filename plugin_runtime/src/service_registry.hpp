// All services of the test program, and where in the run of the tests it is.
#ifndef MIRAKURU_PLUGIN_RUNTIME_SRC_SERVICE_REGISTRY_HPP_
#define MIRAKURU_PLUGIN_RUNTIME_SRC_SERVICE_REGISTRY_HPP_

#include <sys/types.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "mirakuru/service.hpp"

namespace mirakuru::plugin {

struct Registry {
  static Registry& get();

  // A fork of the test program has its executors in memory, but does not own their processes.
  bool in_fork() const { return owner != getpid(); }
  // A second process of the test program, started by the framework for a part of a test.
  bool in_reexecuted_program() const { return is_reexecuted != nullptr && is_reexecuted(); }
  bool is_starting(const Service& service) const;
  // Puts a handle of each service, one per line, into the environment for re-executed programs.
  void publish_handles() const;
  static std::string published_handles();

  void enter_phase(bool suite_runs, bool test_runs);
  std::string phase_name() const;  // "during Suite.Test"
  void start_all(const std::vector<Service*>& services);
  // The created services with this scope or a shorter one, the last one first.
  std::vector<Service*> created_up_to(Scope longest) const;
  void stop(const std::vector<Service*>& services);
  void destroy(const std::vector<Service*>& services);
  std::vector<TestFailure> stop_and_destroy(const std::vector<Service*>& services);
  void begin_test(const std::string& name);
  Outcome end_partial_test(bool test_failed);
  Outcome end_test(bool test_failed);
  void report_deaths() const;
  void add_output(bool test_failed, Outcome& outcome) const;

  // Services are started and stopped by the thread that runs the tests. The lock is for other
  // threads of a test that call executor().
  std::recursive_mutex mutex;
  pid_t owner = getpid();
  bool (*is_reexecuted)() = nullptr;

  std::vector<Service*> environment;              // registered with Scope::run
  std::vector<Service*> for_all_tests;            // every test needs these
  std::vector<Service*> created;                  // dependencies before their dependents
  std::vector<Service*> being_started;            // being created or started, the innermost last
  std::vector<Service*> failed;                   // did not get ready in this run
  std::vector<Service*> failed_in_suite_setup;    // did not get ready in the set-up of the suite
  std::vector<TestFailure> failures;              // not yet returned to the plugin
  std::vector<TestFailure> failures_before_test;  // of those, the ones before the current test

  bool in_run = false;
  bool in_suite = false;
  bool in_test = false;
  std::string test;         // the current test, or the last one
  std::uint64_t phase = 0;  // counts partial tests and the times between them
};

// During its lifetime, services that these services use become their dependencies.
class MarkAsStarting {
 public:
  explicit MarkAsStarting(const std::vector<Service*>& services) : before_(list().size()) {
    list().insert(list().end(), services.begin(), services.end());
  }
  ~MarkAsStarting() { list().resize(before_); }
  MarkAsStarting(const MarkAsStarting&) = delete;
  MarkAsStarting& operator=(const MarkAsStarting&) = delete;

 private:
  static std::vector<Service*>& list() { return Registry::get().being_started; }

  std::size_t before_;
};

}  // namespace mirakuru::plugin

#endif  // MIRAKURU_PLUGIN_RUNTIME_SRC_SERVICE_REGISTRY_HPP_
