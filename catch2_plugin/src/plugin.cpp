#include <cstdio>
#include <utility>
#include <vector>

#include "framework.hpp"
#include "mirakuru/catch2.hpp"
#include "mirakuru/service.hpp"
#include "report.hpp"

namespace mirakuru::catch2::detail {
namespace {

// One run of the current test case: Catch2 runs it once for each of its sections. It lasts as long
// as the outermost section, which is the test case itself.
struct PartialTestCase {
  bool running = false;
  std::vector<plugin::TestFailure> failures;  // not yet reported
};

PartialTestCase& current() {
  static PartialTestCase test_case;
  return test_case;
}

class Listener : public ListenerBase {
 public:
  using ListenerBase::ListenerBase;

  void testRunStarting(const Catch::TestRunInfo&) override {
    current() = PartialTestCase();
    plugin::begin_run();
  }

  void testCaseStarting(const Catch::TestCaseInfo& test) override {
    // Not at the start of the run, since there may be no test case to run.
    if (!std::exchange(suite_begun_, true)) {
      plugin::start_environment();
      plugin::begin_suite();
    }
    plugin::begin_test(test.name);
  }

  void sectionStarting(const Catch::SectionInfo&) override {
    if (section_depth_++ > 0) return;
    PartialTestCase& partial = current();
    partial.running = true;
    for (auto& failure : plugin::ensure_environment_ready()) {
      partial.failures.push_back(std::move(failure));
    }
  }

  // A listener can fail a test case only in this event, at the end of the outermost section.
  void sectionEnded(const Catch::SectionStats& section) override {
    if (--section_depth_ > 0 || crashed_) return;
    PartialTestCase& partial = current();
    const bool failed = section.assertions.failed + section.assertions.failedButOk > 0;
    const plugin::Outcome outcome = plugin::end_partial_test(failed || !partial.failures.empty());
    report(std::exchange(partial.failures, {}));
    report(outcome.failures);
    std::fputs(outcome.output.c_str(), stderr);
    partial.running = false;
  }

  void testCaseEnded(const Catch::TestCaseStats&) override {
    if (crashed_) return;
    const plugin::Outcome outcome = plugin::end_test(false);
    fail_program(outcome.failures);
    std::fputs(outcome.output.c_str(), stderr);
  }

  void testRunEnded(const Catch::TestRunStats&) override {
    if (crashed_) return;
    fail_program(plugin::end_suite());
    fail_program(plugin::end_run());
  }

  // After a fatal error condition, the other events come from a signal handler, where waiting is
  // not safe. The program is about to end, and the supervisor stops its services.
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

// In the same file as the listener, so that the linker keeps the listener.
bool Framework::register_service(plugin::Service& service, const char* file, int line) {
  return plugin::register_service(service, file, line);
}

void Framework::require_ready(plugin::Service& service) {
  PartialTestCase& partial = current();
  // If a service that every test needs has failed already, this test will not run.
  if (partial.failures.empty()) {
    if (auto failure = service.ensure_ready()) partial.failures.push_back(std::move(*failure));
  }
  // The fixture of TEST_CASE_PERSISTENT_FIXTURE is created before the test case runs: the failure
  // is then reported at the end of its first section.
  if (partial.running) report_and_throw(std::exchange(partial.failures, {}));
}

}  // namespace mirakuru::catch2::detail
