// What the plugins for test frameworks have in common: named services that are made and started
// when a test first needs them, whose failure is told once in full, and that are stopped in reverse
// order. Knows no framework.
//
// A plugin's macro makes a factory, from which ServiceOf makes the executor on first use:
//
//   struct ApiFactory {
//     static Definition definition() { return {"Api", __FILE__, __LINE__, Scope::suite}; }
//     static decltype(auto) make() { return (mirakuru::HTTPExecutor{...}); }
//   };
//   static const bool defined = define(ServiceOf<ApiFactory>::instance(), __FILE__, __LINE__);
//
// The plugin says what the framework does, in this order, and reports what comes back as failures:
//
//   begin_run, start_environment,
//     begin_suite,
//       begin_test, require_environment, Service::require, end_test,
//     end_suite,
//   end_run
//
// Where it runs through one test several times (Catch2 does, for every section), the second and
// third of these come with every pass through the test, and end_pass behind them.
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

struct Definition {
  std::string name;
  const char* file = "";  // where a failure is reported; lives as long as the program
  int line = 0;
  Scope scope = Scope::suite;
};

struct Failure {
  const char* file;
  int line;
  std::string text;
};

class Service;

// What Service::demand() throws. Its story is told in full once; afterwards in one line.
class MIRAKURU_EXPORT ServiceNotReady : public ExecutorError {
 public:
  explicit ServiceNotReady(const std::string& story, Service* service = nullptr)
      : ExecutorError(story), service_(service) {}
  // Said aloud for users who compile with -Weffc++: the pointer is not owned.
  ServiceNotReady(const ServiceNotReady&) = default;
  ServiceNotReady& operator=(const ServiceNotReady&) = default;
  ~ServiceNotReady() override = default;
  // The one that failed, where what() is not the whole story.
  Service* service() const { return service_; }

 private:
  Service* service_;
};

// One service. What its factory asks of other services is started first, and lives as long.
class MIRAKURU_EXPORT Service {
 public:
  explicit Service(Definition definition) : definition_(std::move(definition)) {}
  virtual ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  const Definition& definition() const { return definition_; }

  // Makes it, starts it, and starts it again where it died or a test stopped it. None where it is
  // ready. One that failed is not tried again before the next begin_run().
  std::optional<Failure> require();

  // The same, but throws ServiceNotReady; and within a test it does so only once: what the test
  // then does to its service stays so.
  SimpleExecutor& demand();

 protected:
  virtual SimpleExecutor& make() = 0;
  virtual void drop() = 0;

 private:
  friend struct Registry;
  friend bool define(Service& service, const char* file, int line);
  friend void begin_run();

  bool bring_up();
  void prepare();
  void attach();
  void ready();
  void needed_by(Service& other);
  void live_as_long_as(Scope scope);
  Scope lifetime() const;
  void begin_pass();
  bool has_died() const;
  void report_death();
  void stop();
  void drop_executor();

  void remember_failure();
  std::string summary() const;
  Failure tell();
  Failure failure(std::string text) const;
  std::string printed() const;
  detail::ExecutorState& state() const;
  std::string key() const;
  std::string handle() const;

  const Definition definition_;
  std::string defined_twice_ = {};      // where, in words
  SimpleExecutor* executor_ = nullptr;  // none until it is made
  std::vector<Service*> needs_ = {};    // what its factory asked for
  Scope extended_ = Scope::test;        // it lives as long as what needs it
  std::uint64_t seen_in_test_ = 0;      // the number of the test that made sure of it last
  std::uint64_t mark_ = 0;              // how much it had printed when the pass began
  std::uint64_t err_mark_ = 0;
  bool death_reported_ = false;      // its death has been told
  std::string failure_report_ = {};  // why it is not ready; empty where nothing went wrong
  Service* cause_ = nullptr;         // what it needs is not ready, and has a story of its own
  bool told_ = false;                // the story has been told
  std::string told_in_ = {};         // by this test
};

// The service whose executor Factory::make() makes.
template <typename Factory>
class ServiceOf final : public Service {
  using Made = decltype(Factory::make());
  static constexpr bool kMakesExecutor = std::is_base_of_v<SimpleExecutor, Made>;
  static_assert(kMakesExecutor,
                "mirakuru: the last argument of the macro must be an executor that is made there, "
                "such as mirakuru::TCPExecutor{\"./server --port {port}\", \"127.0.0.1:{port}\"}");

 public:
  using Executor = std::conditional_t<kMakesExecutor, Made, SimpleExecutor>;

  static ServiceOf& instance() {
    // Never deleted: a forked copy of the test program, or a test that calls exit(), would do it at
    // a time when the test still uses the service. The supervisor stops what is left.
    static ServiceOf* const service = new ServiceOf;
    return *service;
  }

  Executor& executor() { return static_cast<Executor&>(demand()); }

 private:
  ServiceOf() : Service(Factory::definition()) {}

  SimpleExecutor& make() override {
    if constexpr (kMakesExecutor) executor_.reset(new Executor(Factory::make()));
    return *executor_;
  }
  void drop() override { executor_.reset(); }

  std::unique_ptr<Executor> executor_ = {};
};

// To be called before main() for every place that defines a service. Starts nothing. Two places
// that define two services as one C++ name are a failure of the tests that need it. True, for an
// initialiser.
MIRAKURU_EXPORT bool define(Service& service, const char* file, int line);

// A run of all tests begins: what failed in an earlier one is forgotten. Before the first one,
// demand() throws.
MIRAKURU_EXPORT void begin_run();
// Starts the defined services of Scope::run.
MIRAKURU_EXPORT void start_environment();
// Starts these side by side. From now on every test needs them.
MIRAKURU_EXPORT void start_for_every_test(const std::vector<Service*>& services);
// Stops these in reverse order; no test needs them any more.
MIRAKURU_EXPORT std::vector<Failure> stop(const std::vector<Service*>& services);

MIRAKURU_EXPORT void begin_suite();
// What the services print from now on is printed during this test.
MIRAKURU_EXPORT void begin_test(const std::string& name);
// What every test needs, and what the suite's own set-up asked for in vain.
MIRAKURU_EXPORT std::vector<Failure> require_environment();

struct Outcome {
  // Who died or did not end well; and, where there is such a one or the test failed anyway, what
  // its services printed, unless MIRAKURU_SHOW_OUTPUT=never.
  std::vector<Failure> failures;
  // What the services printed during a test that passed, where MIRAKURU_SHOW_OUTPUT=always.
  std::string printed;
};
// Of a pass through the test, where there are several. Stops nothing.
MIRAKURU_EXPORT Outcome end_pass(bool failed);
// Of the test, or of what came behind its last pass.
MIRAKURU_EXPORT Outcome end_test(bool failed);
MIRAKURU_EXPORT std::vector<Failure> end_suite();
MIRAKURU_EXPORT std::vector<Failure> end_run();

// For frameworks that run a part of a test in another process that they start from the same
// program: where `in_copy` says that this is one, services are not started, but those of the test
// program are used, whose places are in an environment variable.
MIRAKURU_EXPORT void share_with_copies(bool (*in_copy)());

}  // namespace mirakuru::plugin

#endif  // MIRAKURU_SERVICE_HPP_
