// Services for GoogleTest: real processes as fixtures.
//
//   MIRAKURU_FIXTURE(Redis, mirakuru::TCPExecutor{"redis-server --port {port}",
//                                                 "127.0.0.1:{port}"});
//   MIRAKURU_FIXTURE(Api, mirakuru::HTTPExecutor{
//       {"./api", "--redis", Redis::executor().expand("127.0.0.1:{port}"), "--port", "{port}"},
//       "http://127.0.0.1:{port}/health"});
//
//   TEST_F(Api, Answers) { EXPECT_EQ(get(executor().url()), 200); }
//
// A service that does not get ready fails every test that needs it: the first one with the whole
// story, the others at once and in one line. One that dies during a test fails that test, and is
// started again when the next one needs it. Where a test fails for any reason, what its services
// printed meanwhile is a further part of that failure (MIRAKURU_SHOW_OUTPUT=failure|always|never).
#ifndef MIRAKURU_GTEST_HPP_
#define MIRAKURU_GTEST_HPP_

#ifdef MIRAKURU_PLUGIN_HPP_
#error "<mirakuru/gtest.hpp> and <mirakuru/catch2.hpp> define the same macros: include only one"
#endif
#define MIRAKURU_PLUGIN_HPP_

#include <gtest/gtest.h>

#include <initializer_list>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include "mirakuru/mirakuru.hpp"
#include "mirakuru/service.hpp"

// A class to use in TEST_F, or to derive from (for TEST_P and typed tests too), whose service is
// started when the first test of a suite needs it, and stopped when the suite ends.
//
//   static Executor& Name::executor();
//
// is the executor as it was made here, with its own type. It starts the service where it was not
// yet: so may the argument of one macro use the service of another, which is then started before
// it and stopped behind it. It throws mirakuru::plugin::ServiceNotReady.
//
// To be used in a namespace. The argument may hold commas.
#define MIRAKURU_FIXTURE(Name, ...)                  \
  MIRAKURU_DETAIL_SERVICE(Name, suite, __VA_ARGS__); \
  class Name : public ::mirakuru::gtest::detail::SharedFixture<Name##MirakuruFactory> {}

// The same, but every test has a fresh process. executor() is no static function.
#define MIRAKURU_TEST_FIXTURE(Name, ...)            \
  MIRAKURU_DETAIL_SERVICE(Name, test, __VA_ARGS__); \
  class Name : public ::mirakuru::gtest::detail::FreshFixture<Name##MirakuruFactory> {}

// One process for the run: started before the first test, stopped behind the last one; every test
// needs it. Several are started side by side. Name can be used as a fixture, but need not be.
#define MIRAKURU_ENVIRONMENT(Name, ...)            \
  MIRAKURU_DETAIL_SERVICE(Name, run, __VA_ARGS__); \
  class Name : public ::mirakuru::gtest::detail::SharedFixture<Name##MirakuruFactory> {}

// The parentheses keep an executor that is a variable from being copied: it is a reference then,
// and refused with a readable message.
#define MIRAKURU_DETAIL_SERVICE(Name, Lifetime, ...)                                              \
  struct Name##MirakuruFactory {                                                                  \
    static ::mirakuru::plugin::Definition definition() {                                          \
      return {#Name, __FILE__, __LINE__, ::mirakuru::plugin::Scope::Lifetime};                    \
    }                                                                                             \
    static decltype(auto) make() { return (__VA_ARGS__); }                                        \
  };                                                                                              \
  [[maybe_unused]] static const bool Name##_mirakuru_defined = ::mirakuru::gtest::detail::define( \
      ::mirakuru::plugin::ServiceOf<Name##MirakuruFactory>::instance(), __FILE__, __LINE__)

namespace mirakuru::gtest {

// An executor for an Environment, with the place that gave it: failures are reported there.
class ServiceRef {
 public:
  template <typename Executor,
            typename = std::enable_if_t<!std::is_same_v<std::decay_t<Executor>, ServiceRef>>>
  ServiceRef(Executor&& executor,  // NOLINT(google-explicit-constructor): made to be implicit
             const char* file = __builtin_FILE(), int line = __builtin_LINE())
      : file_(file), line_(line) {
    constexpr bool kFits = std::is_lvalue_reference_v<Executor> &&
                           std::is_base_of_v<SimpleExecutor, std::remove_reference_t<Executor>>;
    static_assert(kFits,
                  "mirakuru: an Environment takes executors that are variables, and live longer "
                  "than the tests");
    if constexpr (kFits) executor_ = &executor;
  }

  SimpleExecutor& executor() const { return *executor_; }
  const char* file() const { return file_; }
  int line() const { return line_; }

 private:
  SimpleExecutor* executor_ = nullptr;
  const char* file_;
  int line_;
};

// As MIRAKURU_ENVIRONMENT, for those who write main() themselves:
//
//   int main(int argc, char** argv) {
//     testing::InitGoogleTest(&argc, argv);
//     mirakuru::TCPExecutor redis("redis-server --port {port}", "127.0.0.1:{port}");
//     mirakuru::TCPExecutor api("./api {port}", "127.0.0.1:{port}");
//     testing::AddGlobalTestEnvironment(new mirakuru::gtest::Environment({redis, api}));
//     return RUN_ALL_TESTS();
//   }
//
// They are started side by side, and stopped in reverse order. Where one needs another one to be
// up, give each an Environment.
class Environment : public testing::Environment {
 public:
  Environment(std::initializer_list<ServiceRef> services);
  template <typename... More>
  explicit Environment(ServiceRef first, More&&... more)
      : Environment({first, ServiceRef(std::forward<More>(more), first.file(), first.line())...}) {}
  ~Environment() override;
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  void SetUp() override;
  void TearDown() override;

 private:
  std::vector<plugin::Service*> services() const;

  std::vector<std::unique_ptr<plugin::Service>> services_;
};

namespace detail {

// Hooks the plugin into GoogleTest, and plugin::define().
bool define(plugin::Service& service, const char* file, int line);

// A fatal failure of the current test where the service is not ready.
void require(plugin::Service& service);

template <typename Factory>
class SharedFixture : public testing::Test {
  using Service = plugin::ServiceOf<Factory>;

 public:
  static typename Service::Executor& executor() { return Service::instance().executor(); }

 protected:
  // Here and not in SetUpTestSuite(), where a failure skips the tests instead of failing them.
  SharedFixture() { require(Service::instance()); }
};

template <typename Factory>
class FreshFixture : public testing::Test {
  using Service = plugin::ServiceOf<Factory>;

 public:
  typename Service::Executor& executor() const { return Service::instance().executor(); }

 protected:
  FreshFixture() { require(Service::instance()); }
};

}  // namespace detail
}  // namespace mirakuru::gtest

#endif  // MIRAKURU_GTEST_HPP_
