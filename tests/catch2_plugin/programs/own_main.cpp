// A main() that runs the test cases RUNS times (an environment variable), with a user's listener
// that throws for test cases with a certain tag. See ../end_of_run_test.cpp for the expected
// results.
#define CATCH_CONFIG_RUNNER
#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "mirakuru/catch2.hpp"
#include "programs/catch2.hpp"
#include "support/obedient.hpp"

MIRAKURU_FIXTURE(Good, mirakuru::OutputExecutor{Obedient("Good"), "ready"});
MIRAKURU_FIXTURE(NeverReady, mirakuru::OutputExecutor{mirakuru::Command("false"), "ready"});

TEST_CASE_METHOD(Good, "good: runs", "[good]") { CHECK(executor().running()); }
TEST_CASE_METHOD(NeverReady, "never ready") {}
TEST_CASE("the listener throws", "[.][listener-throws]") {}

#if __has_include(<catch2/catch_all.hpp>)
using ListenerBase = Catch::EventListenerBase;
#else
using ListenerBase = Catch::TestEventListenerBase;
#endif

class ThrowingListener : public ListenerBase {
 public:
  using ListenerBase::ListenerBase;
  void testCaseStarting(const Catch::TestCaseInfo& test) override {
    if (test.name == "the listener throws") throw std::runtime_error("thrown by a listener");
  }
};
CATCH_REGISTER_LISTENER(ThrowingListener)

int main(int argc, char** argv) {
  Catch::Session session;
  int status = session.applyCommandLine(argc, argv);
  const int runs = std::atoi(("0" + Variable("RUNS")).c_str());
  for (int i = 0; i < std::max(runs, 1); ++i) status = session.run();
  return status;
}
