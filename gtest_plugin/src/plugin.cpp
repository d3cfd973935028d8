#include "plugin.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include "mirakuru/gtest.hpp"
#include "mirakuru/service.hpp"
#include "report.hpp"

namespace mirakuru::gtest::detail {
namespace {

constexpr auto kFatal = testing::TestPartResult::kFatalFailure;
constexpr auto kNonFatal = testing::TestPartResult::kNonFatalFailure;

// Whether this process was started by a death test of the style "threadsafe". InDeathTestChild()
// does not work here: it checks the style, which the test may not have set yet.
bool in_threadsafe_death_test() {
#if GTEST_HAS_DEATH_TEST
  return !GTEST_FLAG_GET(internal_run_death_test).empty();
#else
  return false;
#endif
}

class Listener : public testing::EmptyTestEventListener {
 public:
  void OnTestIterationStart(const testing::UnitTest&, int) override { plugin::begin_run(); }

  void OnTestSuiteStart(const testing::TestSuite&) override { plugin::begin_suite(); }

  // A fatal failure here makes GoogleTest skip the body of the test, and report it as failed.
  void OnTestStart(const testing::TestInfo& test) override {
    plugin::begin_test(std::string(test.test_suite_name()) + "." + test.name());
    const OnlyRecordFailures guard;
    report(plugin::ensure_environment_ready(), kFatal);
  }

  void OnTestEnd(const testing::TestInfo& test) override {
    const plugin::Outcome outcome = plugin::end_test(test.result()->Failed());
    const OnlyRecordFailures guard;
    report(outcome.failures, kNonFatal);
    std::fputs(without_skip_mark(outcome.output).c_str(), stderr);
  }

  void OnTestSuiteEnd(const testing::TestSuite&) override {
    const OnlyRecordFailures guard;
    report(plugin::end_suite(), kNonFatal);
  }
};

// What a listener cannot do, since the process of a death test gets no events.
class Run : public testing::Environment {
 public:
  explicit Run(testing::TestEventListener* listener) : listener_(listener) {}

  void SetUp() override {
    // Last in the list: listeners are called in reverse order at the end of a test. So ours adds
    // its failures before the others print the result.
    auto& listeners = testing::UnitTest::GetInstance()->listeners();
    listeners.Append(listeners.Release(listener_));
    plugin::begin_run();
    plugin::start_environment();
  }

  void TearDown() override {
    const OnlyRecordFailures guard;
    report(plugin::end_run(), kNonFatal);
  }

 private:
  testing::TestEventListener* listener_;
};

}  // namespace

void install() {
  static const bool installed = [] {
    auto* const listener = new Listener;
    testing::UnitTest::GetInstance()->listeners().Append(listener);
    testing::AddGlobalTestEnvironment(new Run(listener));
    plugin::share_with_reexecuted_program(in_threadsafe_death_test);
    return true;
  }();
  static_cast<void>(installed);
}

bool Framework::register_service(plugin::Service& service, const char* file, int line) {
  install();
  return plugin::register_service(service, file, line);
}

void Framework::require_ready(plugin::Service& service) {
  // A service that every test needs has failed already: the body of this test will not run.
  if (testing::Test::HasFatalFailure()) return;
  if (const auto failure = service.ensure_ready()) report(*failure, kFatal);
}

}  // namespace mirakuru::gtest::detail
