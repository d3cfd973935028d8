#include <cstdio>
#include <utility>
#include <vector>

#include "framework.hpp"
#include "mirakuru/catch2.hpp"
#include "mirakuru/service.hpp"
#include "report.hpp"

namespace mirakuru::catch2::detail {
namespace {

// A pass through the current test case: its outermost section, which is the test case itself.
struct Pass {
  bool running = false;
  // What this pass has to fail for, and has not been reported yet.
  std::vector<plugin::Failure> failures;
};

Pass& current_pass() {
  static Pass pass;
  return pass;
}

class Listener : public ListenerBase {
 public:
  using ListenerBase::ListenerBase;

  void testRunStarting(const Catch::TestRunInfo&) override {
    current_pass() = Pass();
    plugin::begin_run();
  }

  void testCaseStarting(const Catch::TestCaseInfo& test) override {
    // Not when the run starts: there may be no test case to run.
    if (!std::exchange(suite_begun_, true)) {
      plugin::start_environment();
      plugin::begin_suite();
    }
    plugin::begin_test(test.name);
  }

  void sectionStarting(const Catch::SectionInfo&) override {
    if (section_depth_++ > 0) return;
    Pass& pass = current_pass();
    pass.running = true;
    for (auto& failure : plugin::require_environment()) pass.failures.push_back(std::move(failure));
  }

  // The end of the outermost section is the one event in which a listener can fail a test case.
  void sectionEnded(const Catch::SectionStats& section) override {
    if (--section_depth_ > 0 || crashed_) return;
    Pass& pass = current_pass();
    const bool failed = section.assertions.failed + section.assertions.failedButOk > 0;
    const plugin::Outcome outcome = plugin::end_pass(failed || !pass.failures.empty());
    report(std::exchange(pass.failures, {}));
    report(outcome.failures);
    std::fputs(outcome.printed.c_str(), stderr);
    pass.running = false;
  }

  void testCaseEnded(const Catch::TestCaseStats&) override {
    if (crashed_) return;
    const plugin::Outcome outcome = plugin::end_test(false);
    fail_the_program(outcome.failures);
    std::fputs(outcome.printed.c_str(), stderr);
  }

  void testRunEnded(const Catch::TestRunStats&) override {
    if (crashed_) return;
    fail_the_program(plugin::end_suite());
    fail_the_program(plugin::end_run());
  }

  // After this one the other events come from within a signal handler, which can wait for nothing.
  // The program is about to end, and the supervisor stops its services.
  AssertionEndedResult assertionEnded(const Catch::AssertionStats& assertion) override {
    const auto result = assertion.assertionResult.getResultType();
    if (result == Catch::ResultWas::FatalErrorCondition) crashed_ = true;
    return AssertionEndedResult();
  }

 private:
  bool suite_begun_ = false;
  bool crashed_ = false;
  int section_depth_ = 0;
};

}  // namespace

CATCH_REGISTER_LISTENER(Listener)

// That it stands beside the listener makes the linker keep that one.
bool Framework::define(plugin::Service& service, const char* file, int line) {
  return plugin::define(service, file, line);
}

void Framework::require(plugin::Service& service) {
  Pass& pass = current_pass();
  // Where what every test needs has failed already, this test will not be run.
  if (pass.failures.empty()) {
    if (auto failure = service.require()) pass.failures.push_back(std::move(*failure));
  }
  // A TEST_CASE_PERSISTENT_FIXTURE is made before the passes: the end of the first one tells.
  if (pass.running) report_and_leave(std::exchange(pass.failures, {}));
}

}  // namespace mirakuru::catch2::detail
