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

// Whether this is the program that a death test of the style "threadsafe" started.
// InDeathTestChild() does not do: it asks for the style, which the test may not have chosen yet.
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

  // A fatal failure here keeps the test from being run; gtest goes on with TearDown of nothing.
  void OnTestStart(const testing::TestInfo& test) override {
    plugin::begin_test(std::string(test.test_suite_name()) + "." + test.name());
    const OnlyTakeDown guard;
    report(plugin::require_environment(), kFatal);
  }

  void OnTestEnd(const testing::TestInfo& test) override {
    const plugin::Outcome outcome = plugin::end_test(test.result()->Failed());
    const OnlyTakeDown guard;
    report(outcome.failures, kNonFatal);
    std::fputs(without_skip_mark(outcome.printed).c_str(), stderr);
  }

  void OnTestSuiteEnd(const testing::TestSuite&) override {
    const OnlyTakeDown guard;
    report(plugin::end_suite(), kNonFatal);
  }
};

// The part that a listener cannot do: in the process of a death test there are no events.
class Run : public testing::Environment {
 public:
  explicit Run(testing::TestEventListener* listener) : listener_(listener) {}

  void SetUp() override {
    // Behind every other listener: at the end of a test ours comes first then, and whoever prints
    // the result knows what it adds.
    auto& listeners = testing::UnitTest::GetInstance()->listeners();
    listeners.Append(listeners.Release(listener_));
    plugin::begin_run();
    plugin::start_environment();
  }

  void TearDown() override {
    const OnlyTakeDown guard;
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
    plugin::share_with_copies(in_threadsafe_death_test);
    return true;
  }();
  static_cast<void>(installed);
}

bool Framework::define(plugin::Service& service, const char* file, int line) {
  install();
  return plugin::define(service, file, line);
}

void Framework::require(plugin::Service& service) {
  // What every test needs has failed already: this test will not be run.
  if (testing::Test::HasFatalFailure()) return;
  if (const auto failure = service.require()) report(*failure, kFatal);
}

}  // namespace mirakuru::gtest::detail
