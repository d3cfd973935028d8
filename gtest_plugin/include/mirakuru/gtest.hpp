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
// A service that does not get ready fails every test that needs it: the first one with the full
// report, the others immediately and in one line. A service that dies during a test fails that
// test, and is started again for the next test that needs it. If a test fails for any reason, the
// output of its services during the test is added to the failure
// (MIRAKURU_SHOW_OUTPUT=failure|always|never).
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

#include "mirakuru/export.hpp"
#include "mirakuru/fixtures.hpp"
#include "mirakuru/mirakuru.hpp"
#include "mirakuru/service.hpp"

#define MIRAKURU_DETAIL_FRAMEWORK ::mirakuru::gtest::detail::Framework

namespace mirakuru::gtest {
namespace detail {

struct MIRAKURU_EXPORT Framework {
  using Fixture = testing::Test;
  static bool register_service(plugin::Service& service, const char* file, int line);
  static void require_ready(plugin::Service& service);
};

}  // namespace detail

// An executor for an Environment, with the source location where failures are reported.
class ServiceRef {
 public:
  template <typename Executor,
            typename = std::enable_if_t<!std::is_same_v<std::decay_t<Executor>, ServiceRef>>>
  ServiceRef(Executor&& executor,  // NOLINT(google-explicit-constructor): implicit by design
             const char* file = __builtin_FILE(), int line = __builtin_LINE())
      : file_(file), line_(line) {
    constexpr bool kFits = std::is_lvalue_reference_v<Executor> &&
                           std::is_base_of_v<SimpleExecutor, std::remove_reference_t<Executor>>;
    static_assert(kFits,
                  "mirakuru: an Environment takes executors that are variables and outlive the "
                  "tests");
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

// Like MIRAKURU_ENVIRONMENT, for programs with their own main():
//
//   int main(int argc, char** argv) {
//     testing::InitGoogleTest(&argc, argv);
//     mirakuru::TCPExecutor redis("redis-server --port {port}", "127.0.0.1:{port}");
//     mirakuru::TCPExecutor api("./api {port}", "127.0.0.1:{port}");
//     testing::AddGlobalTestEnvironment(new mirakuru::gtest::Environment({redis, api}));
//     return RUN_ALL_TESTS();
//   }
//
// The services are started concurrently and stopped in reverse order. If one needs another one to
// be ready first, give each its own Environment.
class MIRAKURU_EXPORT Environment : public testing::Environment {
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

}  // namespace mirakuru::gtest

#endif  // MIRAKURU_GTEST_HPP_
