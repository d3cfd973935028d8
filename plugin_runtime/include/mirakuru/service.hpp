// What the plugins for test frameworks share: named services that are created and started when a
// test first needs them, and stopped in reverse order. A service that does not get ready is
// reported in full once. Independent of any test framework.
//
// A plugin's macro defines a factory, from which ServiceOf creates the executor on first use:
//
//   struct ApiFactory {
//     static ServiceDeclaration declaration() { return {"Api", __FILE__, __LINE__, Scope::suite}; }
//     static decltype(auto) make() { return (mirakuru::HTTPExecutor{...}); }
//   };
//   static const bool registered =
//       register_service(ServiceOf<ApiFactory>::instance(), __FILE__, __LINE__);
//
// The plugin calls these functions in this order, as the framework's events happen, and reports the
// failures that they return:
//
//   begin_run, start_environment,
//     begin_suite,
//       begin_test, ensure_environment_ready, Service::ensure_ready, end_test,
//     end_suite,
//   end_run
//
// Catch2 runs one test several times, once for each section. Each of these runs is a partial test:
// ensure_environment_ready, Service::ensure_ready and end_partial_test are called for each of them.
#ifndef MIRAKURU_SERVICE_HPP_
#define MIRAKURU_SERVICE_HPP_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "mirakuru/errors.hpp"
#include "mirakuru/export.hpp"
#include "mirakuru/simple_executor.hpp"

namespace mirakuru::plugin {

// How long a service lives, from the shortest to the longest.
enum class Scope { test, suite, run };

struct ServiceDeclaration {
  std::string name;
  const char* file = "";  // where failures are reported; a string literal, such as __FILE__
  int line = 0;
  Scope scope = Scope::suite;
};

struct TestFailure {
  const char* file;
  int line;
  std::string text;
};

class Service;

// Thrown by Service::executor_or_throw(). what() is the full failure report the first time, and one
// line that refers to it afterwards.
class MIRAKURU_EXPORT ServiceNotReady : public ExecutorError {
 public:
  explicit ServiceNotReady(const std::string& failure_report, Service* service = nullptr)
      : ExecutorError(failure_report), service_(service) {}
  // Explicit for users who compile with -Weffc++: the pointer is not owned.
  ServiceNotReady(const ServiceNotReady&) = default;
  ServiceNotReady& operator=(const ServiceNotReady&) = default;
  ~ServiceNotReady() override = default;
  // The service that failed, where what() is only a summary; else null.
  Service* service() const { return service_; }

 private:
  Service* service_;
};

// One service. The services that its factory uses are its dependencies: they are started before it
// and run at least as long.
class MIRAKURU_EXPORT Service {
 public:
  explicit Service(ServiceDeclaration declaration) : declaration_(std::move(declaration)) {}
  virtual ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  const ServiceDeclaration& declaration() const { return declaration_; }

  // Creates and starts the executor, and starts it again if it died or a test stopped it. Returns
  // the failure if it is not ready, else std::nullopt. A service that failed to start is not tried
  // again before the next begin_run().
  std::optional<TestFailure> ensure_ready();

  // The same, but throws ServiceNotReady. Once ready, a service is not started again during the
  // same test: if the test stops it, it stays stopped.
  SimpleExecutor& executor_or_throw();

 protected:
  virtual SimpleExecutor& make() = 0;
  virtual void destroy() = 0;

 private:
  friend struct Registry;
  friend bool register_service(Service& service, const char* file, int line);
  friend void begin_run();

  bool try_start();
  void prepare();
  void attach_to_parent();
  void mark_ready();
  void add_dependent(Service& other);
  void extend_lifetime(Scope scope);
  Scope effective_scope() const;
  void begin_partial_test();
  bool has_died() const;
  void report_death();
  void stop();
  void destroy_executor();

  void record_failure();
  std::string summary() const;
  TestFailure report_failure();
  TestFailure make_failure(std::string text) const;
  std::string output_of_partial_test() const;
  detail::ExecutorImpl& impl() const;
  std::string key() const;
  std::string handle_line() const;

  const ServiceDeclaration declaration_;
  std::string declared_twice_ = {};          // the failure message, if there are two declarations
  SimpleExecutor* executor_ = nullptr;       // null until it is created
  std::vector<Service*> dependencies_ = {};  // the services that its factory used
  Scope extended_scope_ = Scope::test;       // the longest scope of its dependents
  std::uint64_t ready_in_phase_ = 0;         // Registry::phase when it was last made ready
  std::uint64_t out_start_ = 0;              // Output::mark() at the start of the partial test
  std::uint64_t err_start_ = 0;
  bool death_reported_ = false;
  std::string failure_report_ = {};       // why it is not ready; empty if it did not fail
  Service* failed_dependency_ = nullptr;  // reports the failure instead of this one
  bool reported_ = false;                 // the failure has been reported in full
  std::string reported_in_ = {};          // in this test
};

// The service whose executor Factory::make() creates.
template <typename Factory>
class MIRAKURU_EXPORT ServiceOf final : public Service {
  using Created = decltype(Factory::make());
  static constexpr bool kMakesExecutor = std::is_base_of_v<SimpleExecutor, Created>;
  static_assert(
      kMakesExecutor,
      "mirakuru: the last argument of the macro must be an executor that is created there, "
      "such as mirakuru::TCPExecutor{\"./server --port {port}\", \"127.0.0.1:{port}\"}");

 public:
  using Executor = std::conditional_t<kMakesExecutor, Created, SimpleExecutor>;

  static ServiceOf& instance() {
    // Never deleted: a fork of the test program, or a test that calls exit(), would destroy it
    // while the test still uses it. The supervisor stops what is left.
    static ServiceOf* const service = new ServiceOf;
    return *service;
  }

  Executor& executor() { return static_cast<Executor&>(executor_or_throw()); }

 private:
  ServiceOf() : Service(Factory::declaration()) {}

  SimpleExecutor& make() override {
    if constexpr (kMakesExecutor) executor_.reset(new Executor(Factory::make()));
    return *executor_;
  }
  void destroy() override { executor_.reset(); }

  std::unique_ptr<Executor> executor_ = {};
};

// Called before main() for every declaration of a service. Starts nothing. If two different
// services have the same C++ name, the tests that need it fail. Always returns true, so that it can
// initialise a static variable.
MIRAKURU_EXPORT bool register_service(Service& service, const char* file, int line);

// A run of all tests begins. Services that failed in an earlier run may be tried again. Before the
// first run, executor_or_throw() throws.
MIRAKURU_EXPORT void begin_run();
// Starts the registered services of Scope::run.
MIRAKURU_EXPORT void start_environment();
// Starts these concurrently. From now on every test needs them.
MIRAKURU_EXPORT void start_for_all_tests(const std::vector<Service*>& services);
// Stops these in reverse order. Tests no longer need them.
MIRAKURU_EXPORT std::vector<TestFailure> stop_for_all_tests(const std::vector<Service*>& services);

MIRAKURU_EXPORT void begin_suite();
// Output of the services from now on belongs to this test.
MIRAKURU_EXPORT void begin_test(const std::string& name);
// Ensures that the services that every test needs are ready. Also reports those that failed to
// start in the set-up of the suite.
MIRAKURU_EXPORT std::vector<TestFailure> ensure_environment_ready();

struct Outcome {
  // Services that died or did not stop cleanly. If there are any, or the test failed for another
  // reason, also the output of its services, unless MIRAKURU_SHOW_OUTPUT=never.
  std::vector<TestFailure> failures;
  // With MIRAKURU_SHOW_OUTPUT=always, the output of the services during a test that passed.
  std::string output;
};
// The outcome of one partial test. Stops nothing.
MIRAKURU_EXPORT Outcome end_partial_test(bool failed);
// The outcome of the test, or of the time since its last partial test. Stops services of
// Scope::test.
MIRAKURU_EXPORT Outcome end_test(bool failed);
MIRAKURU_EXPORT std::vector<TestFailure> end_suite();
MIRAKURU_EXPORT std::vector<TestFailure> end_run();

// For frameworks that run a part of a test in a second process of the same program, as GoogleTest
// does for threadsafe death tests. Where `is_reexecuted` returns true, this is that process:
// it starts no services but uses those of the test program, whose ports and directories it reads
// from an environment variable.
MIRAKURU_EXPORT void share_with_reexecuted_program(bool (*is_reexecuted)());

}  // namespace mirakuru::plugin

#endif  // MIRAKURU_SERVICE_HPP_
