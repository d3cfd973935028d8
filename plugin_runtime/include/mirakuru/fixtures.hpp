// The macros of the plugins for test frameworks. Included by a plugin's header, which names its
// framework:
//
//   #define MIRAKURU_DETAIL_FRAMEWORK ::mirakuru::gtest::detail::Framework
//
//   struct Framework {
//     using Fixture = testing::Test;  // the base class of all fixtures
//     // Registers the plugin with its framework, and calls plugin::register_service().
//     static bool register_service(plugin::Service& service, const char* file, int line);
//     // Fails and ends the current test if the service is not ready.
//     static void require_ready(plugin::Service& service);
//   };
#ifndef MIRAKURU_FIXTURES_HPP_
#define MIRAKURU_FIXTURES_HPP_

#include "mirakuru/mirakuru.hpp"
#include "mirakuru/service.hpp"

// Defines a fixture class, to use or to derive from. Its service is started when the first test of
// a suite needs it, and stopped when the suite ends.
//
//   static Executor& Name::executor();
//
// returns the executor that was created here, with its own type. It starts the service if it is not
// running yet. So the argument of one macro may use the service of another, which is then started
// before it and stopped after it. Throws mirakuru::plugin::ServiceNotReady.
//
// Use it at namespace scope. The argument may contain commas.
#define MIRAKURU_FIXTURE(Name, ...)                                                \
  MIRAKURU_DETAIL_SERVICE(Name, suite, __VA_ARGS__);                               \
  class Name : public ::mirakuru::plugin::SharedFixture<MIRAKURU_DETAIL_FRAMEWORK, \
                                                        Name##MirakuruFactory> {}

// The same, but every test has a fresh process. executor() is not static.
#define MIRAKURU_TEST_FIXTURE(Name, ...)                                          \
  MIRAKURU_DETAIL_SERVICE(Name, test, __VA_ARGS__);                               \
  class Name : public ::mirakuru::plugin::FreshFixture<MIRAKURU_DETAIL_FRAMEWORK, \
                                                       Name##MirakuruFactory> {}

// One process for the run: started before the first test, stopped after the last one. Every test
// needs it. Several are started concurrently. Name can be used as a fixture, but need not be.
#define MIRAKURU_ENVIRONMENT(Name, ...)                                            \
  MIRAKURU_DETAIL_SERVICE(Name, run, __VA_ARGS__);                                 \
  class Name : public ::mirakuru::plugin::SharedFixture<MIRAKURU_DETAIL_FRAMEWORK, \
                                                        Name##MirakuruFactory> {}

// The parentheses turn an executor that is a variable into a reference, which is rejected with a
// readable message, instead of a copy.
#define MIRAKURU_DETAIL_SERVICE(Name, Lifetime, ...)                           \
  struct Name##MirakuruFactory {                                               \
    static ::mirakuru::plugin::ServiceDeclaration declaration() {              \
      return {#Name, __FILE__, __LINE__, ::mirakuru::plugin::Scope::Lifetime}; \
    }                                                                          \
    static decltype(auto) make() { return (__VA_ARGS__); }                     \
  };                                                                           \
  [[maybe_unused]] static const bool Name##_mirakuru_registered =              \
      MIRAKURU_DETAIL_FRAMEWORK::register_service(                             \
          ::mirakuru::plugin::ServiceOf<Name##MirakuruFactory>::instance(), __FILE__, __LINE__)

namespace mirakuru::plugin {

template <typename Framework, typename Factory>
class SharedFixture : public Framework::Fixture {
  using Service = ServiceOf<Factory>;

 public:
  static typename Service::Executor& executor() { return Service::instance().executor(); }

 protected:
  // Here and not in the set-up of the suite, where a failure may skip the tests instead of failing
  // them.
  SharedFixture() { Framework::require_ready(Service::instance()); }
};

template <typename Framework, typename Factory>
class FreshFixture : public Framework::Fixture {
  using Service = ServiceOf<Factory>;

 public:
  typename Service::Executor& executor() const { return Service::instance().executor(); }

 protected:
  FreshFixture() { Framework::require_ready(Service::instance()); }
};

}  // namespace mirakuru::plugin

#endif  // MIRAKURU_FIXTURES_HPP_
