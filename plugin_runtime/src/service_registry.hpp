// What is known of all services of the test program.
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

  // A fork() of the test program has its services in memory, but they are not its own.
  bool in_fork() const { return owner != getpid(); }
  // The test program, started once more by its framework for a part of a test.
  bool in_copy() const { return is_copy != nullptr && is_copy(); }
  bool is_coming_up(const Service& service) const;
  // Tells copies of the test program where its services are: a line for each.
  void publish() const;
  static std::string published();

  // What follows is in a suite, or even in a test.
  void enter(bool suite_begins, bool test_begins);
  std::string when() const;  // "during Suite.Test"
  void start_all(const std::vector<Service*>& services);
  // Those that live no longer than this, the last one first.
  std::vector<Service*> made_for(Scope longest) const;
  void stop(const std::vector<Service*>& services);
  void drop(const std::vector<Service*>& services);
  std::vector<Failure> end(const std::vector<Service*>& services);
  void begin_test(const std::string& name);
  Outcome end_pass(bool test_failed);
  Outcome end_test(bool test_failed);
  void report_deaths() const;
  void add_what_was_printed(bool test_failed, Outcome& outcome) const;

  // Services are started and stopped by the thread that runs the tests; the lock is for threads of
  // a test that ask for the executor of a running one.
  std::recursive_mutex mutex;
  pid_t owner = getpid();
  bool (*is_copy)() = nullptr;

  std::vector<Service*> environment;      // defined with Scope::run
  std::vector<Service*> every_test;       // those that every test needs
  std::vector<Service*> made;             // what another one needs stands before it
  std::vector<Service*> coming_up;        // being made or started, the innermost last
  std::vector<Service*> failed;           // to become ready
  std::vector<Service*> failed_in_suite;  // the set-up of the suite asked for them, in vain
  std::vector<Failure> failures;          // deaths and the like that have not been handed out
  std::vector<Failure> before_test;       // of those, what happened before the current test

  bool in_run = false;
  bool in_suite = false;
  bool in_test = false;
  std::string test;               // the current test, or else the last one
  std::uint64_t test_number = 0;  // of the pass through a test, or of what stands between two tests
};

// While it lives, what these services ask for is what they need.
class ComingUp {
 public:
  explicit ComingUp(const std::vector<Service*>& services) : before_(list().size()) {
    list().insert(list().end(), services.begin(), services.end());
  }
  ~ComingUp() { list().resize(before_); }
  ComingUp(const ComingUp&) = delete;
  ComingUp& operator=(const ComingUp&) = delete;

 private:
  static std::vector<Service*>& list() { return Registry::get().coming_up; }

  std::size_t before_;
};

}  // namespace mirakuru::plugin

#endif  // MIRAKURU_PLUGIN_RUNTIME_SRC_SERVICE_REGISTRY_HPP_
