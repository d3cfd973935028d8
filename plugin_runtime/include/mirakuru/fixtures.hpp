// The macros of the plugins for test frameworks, included by a plugin's header, which says which
// framework it is:
//
//   #define MIRAKURU_DETAIL_FRAMEWORK ::mirakuru::gtest::detail::Framework
//
//   struct Framework {
//     using Fixture = testing::Test;  // the base class of all fixtures
//     // Hooks the plugin into its framework, and plugin::define().
//     static bool define(plugin::Service& service, const char* file, int line);
//     // Ends the current test with a failure where the service is not ready.
//     static void require(plugin::Service& service);
//   };
#ifndef MIRAKURU_FIXTURES_HPP_
#define MIRAKURU_FIXTURES_HPP_

#include "mirakuru/mirakuru.hpp"
#include "mirakuru/service.hpp"

// A class for tests to use, or to derive from, whose service is started when the first test of a
// suite needs it, and stopped when the suite ends.
//
//   static Executor& Name::executor();
//
// is the executor as it was made here, with its own type. It starts the service where it was not
// yet: so may the argument of one macro use the service of another, which is then started before
// it and stopped behind it. It throws mirakuru::plugin::ServiceNotReady.
//
// To be used in a namespace. The argument may hold commas.
#define MIRAKURU_FIXTURE(Name, ...)                                                \
  MIRAKURU_DETAIL_SERVICE(Name, suite, __VA_ARGS__);                               \
  class Name : public ::mirakuru::plugin::SharedFixture<MIRAKURU_DETAIL_FRAMEWORK, \
                                                        Name##MirakuruFactory> {}

// The same, but every test has a fresh process. executor() is no static function.
#define MIRAKURU_TEST_FIXTURE(Name, ...)                                          \
  MIRAKURU_DETAIL_SERVICE(Name, test, __VA_ARGS__);                               \
  class Name : public ::mirakuru::plugin::FreshFixture<MIRAKURU_DETAIL_FRAMEWORK, \
                                                       Name##MirakuruFactory> {}

// One process for the run: started before the first test, stopped behind the last one; every test
// needs it. Several are started side by side. Name can be used as a fixture, but need not be.
#define MIRAKURU_ENVIRONMENT(Name, ...)                                            \
  MIRAKURU_DETAIL_SERVICE(Name, run, __VA_ARGS__);                                 \
  class Name : public ::mirakuru::plugin::SharedFixture<MIRAKURU_DETAIL_FRAMEWORK, \
                                                        Name##MirakuruFactory> {}

// The parentheses keep an executor that is a variable from being copied: it is a reference then,
// and refused with a readable message.
#define MIRAKURU_DETAIL_SERVICE(Name, Lifetime, ...)                                              \
  struct Name##MirakuruFactory {                                                                  \
    static ::mirakuru::plugin::Definition definition() {                                          \
      return {#Name, __FILE__, __LINE__, ::mirakuru::plugin::Scope::Lifetime};                    \
    }                                                                                             \
    static decltype(auto) make() { return (__VA_ARGS__); }                                        \
  };                                                                                              \
  [[maybe_unused]] static const bool Name##_mirakuru_defined = MIRAKURU_DETAIL_FRAMEWORK::define( \
      ::mirakuru::plugin::ServiceOf<Name##MirakuruFactory>::instance(), __FILE__, __LINE__)

namespace mirakuru::plugin {

template <typename Framework, typename Factory>
class SharedFixture : public Framework::Fixture {
  using Service = ServiceOf<Factory>;

 public:
  static typename Service::Executor& executor() { return Service::instance().executor(); }

 protected:
  // Here and not in the set-up of a suite, where a failure may skip the tests instead of failing
  // them.
  SharedFixture() { Framework::require(Service::instance()); }
};

template <typename Framework, typename Factory>
class FreshFixture : public Framework::Fixture {
  using Service = ServiceOf<Factory>;

 public:
  typename Service::Executor& executor() const { return Service::instance().executor(); }

 protected:
  FreshFixture() { Framework::require(Service::instance()); }
};

}  // namespace mirakuru::plugin

#endif  // MIRAKURU_FIXTURES_HPP_
