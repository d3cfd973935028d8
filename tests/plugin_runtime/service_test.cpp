// <mirakuru/service.hpp>, called by these tests as by a plugin for a test framework.
#include "mirakuru/service.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <string>
#include <vector>

#include "mirakuru/mirakuru.hpp"
#include "support/environment.hpp"
#include "support/service.hpp"
#include "support/temp_dir.hpp"

namespace mirakuru::plugin {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using tests::ScopedVariable;

OutputExecutor obedient(Options options = {}, const std::string& argument = "") {
  return OutputExecutor({tests::Service("does_as_told"), argument}, "ready", std::move(options));
}

// As a plugin's macro defines them.
#define SERVICE(Name, Lifetime, ...)                                                     \
  struct Name##Factory {                                                                 \
    static ServiceDeclaration declaration() { return {#Name, "file.cpp", 7, Lifetime}; } \
    static decltype(auto) make() { return (__VA_ARGS__); }                               \
  };                                                                                     \
  using Name = ServiceOf<Name##Factory>

SERVICE(Fresh, Scope::test, obedient());
SERVICE(Store, Scope::suite, obedient());
SERVICE(Shop, Scope::suite, obedient({}, std::to_string(Store::instance().executor().pid())));
SERVICE(Town, Scope::run, obedient({}, std::to_string(Store::instance().executor().pid())));
SERVICE(Broken, Scope::suite, OutputExecutor{"/no/such/program", "ready"});
SERVICE(BadEnd, Scope::suite, obedient({}, "--exit-with=3"));

struct HenFactory {
  static ServiceDeclaration declaration() { return {"Hen", "file.cpp", 8, Scope::suite}; }
  static OutputExecutor make();
};
SERVICE(Egg, Scope::suite,
        obedient({}, std::to_string(ServiceOf<HenFactory>::instance().executor().pid())));
OutputExecutor HenFactory::make() {
  return obedient({}, std::to_string(Egg::instance().executor().pid()));
}

class ServiceTest : public testing::Test {
 protected:
  ServiceTest() {
    begin_run();
    begin_suite();
    begin_test("Suite.First");
  }
  void TearDown() override {
    end_test(false);
    end_suite();
    end_run();
  }

  // The end of one test and the beginning of the next one.
  static Outcome next_test(bool failed = false) {
    Outcome outcome = end_test(failed);
    begin_test("Suite.Second");
    return outcome;
  }

  static void tell(SimpleExecutor& executor, const std::string& order) {
    executor.input().write(order + "\n");
  }
};

bool lives(int pid) { return kill(pid, 0) == 0; }

TEST_F(ServiceTest, IsStartedWhenItIsRequiredAndStoppedAtTheEndOfItsScope) {
  EXPECT_EQ(Store::instance().ensure_ready(), std::nullopt);
  EXPECT_EQ(Fresh::instance().ensure_ready(), std::nullopt);
  const int store = Store::instance().executor().pid();
  const int fresh = Fresh::instance().executor().pid();
  EXPECT_THAT(end_test(false).failures, IsEmpty());
  EXPECT_FALSE(lives(fresh));
  EXPECT_TRUE(lives(store));
  EXPECT_THAT(end_suite(), IsEmpty());
  EXPECT_FALSE(lives(store));
}

TEST_F(ServiceTest, TheExecutorHasTheTypeThatTheFactoryMade) {
  static_assert(std::is_same_v<decltype(Store::instance().executor()), OutputExecutor&>);
}

TEST_F(ServiceTest, IsStartedByAccessToItsExecutor) {
  EXPECT_TRUE(Store::instance().executor().running());
}

TEST_F(ServiceTest, LivesAsLongAsWhatNeedsIt) {
  EXPECT_EQ(Town::instance().ensure_ready(), std::nullopt);
  const int store = Store::instance().executor().pid();
  end_test(false);
  EXPECT_THAT(end_suite(), IsEmpty());
  EXPECT_TRUE(lives(store));
  EXPECT_THAT(end_run(), IsEmpty());
  EXPECT_FALSE(lives(store));
}

TEST_F(ServiceTest, ADependentStartsItsDeadDependencyAgain) {
  EXPECT_EQ(Shop::instance().ensure_ready(), std::nullopt);
  Store::instance().executor().kill();
  EXPECT_FALSE(Store::instance().executor().running());
  next_test();
  EXPECT_EQ(Shop::instance().ensure_ready(), std::nullopt);
  EXPECT_TRUE(Store::instance().executor().running());
}

TEST_F(ServiceTest, AServiceThatTheTestStoppedStaysStoppedDuringTheTest) {
  Store::instance().executor().stop();
  EXPECT_FALSE(Store::instance().executor().running());
  next_test();
  EXPECT_TRUE(Store::instance().executor().running());
}

TEST_F(ServiceTest, AFailureIsReportedInFullOnceAndThenInOneLineUntilTheNextRun) {
  const auto first = Broken::instance().ensure_ready();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->file, "file.cpp");
  EXPECT_EQ(first->line, 7);
  EXPECT_THAT(first->text, AllOf(HasSubstr("Broken is not ready: "), HasSubstr("/no/such/program"),
                                 HasSubstr("\n")));
  next_test(true);
  const std::string one_line = "(see Suite.First)";
  const auto second = Broken::instance().ensure_ready();
  ASSERT_TRUE(second);
  EXPECT_THAT(second->text, AllOf(EndsWith(one_line), Not(HasSubstr("\n"))));
  EXPECT_THAT([] { Broken::instance().executor(); },
              testing::ThrowsMessage<ServiceNotReady>(EndsWith(one_line)));
  begin_run();
  EXPECT_THAT(Broken::instance().ensure_ready()->text, HasSubstr("\n"));
}

TEST_F(ServiceTest, AFailureInTheSetUpOfASuiteIsReportedThereInOneLineAndInTheTestsInFull) {
  end_test(false);
  begin_suite();
  EXPECT_THAT([] { Broken::instance().executor(); },
              testing::ThrowsMessage<ServiceNotReady>(EndsWith("(see the tests)")));
  begin_test("Suite.First");
  const auto failures = ensure_environment_ready();
  ASSERT_THAT(failures, SizeIs(1));
  EXPECT_THAT(failures[0].text, HasSubstr("\n"));
  // But not for the following suites.
  end_test(true);
  begin_suite();
  begin_test("Other.First");
  EXPECT_THAT(ensure_environment_ready(), IsEmpty());
}

TEST_F(ServiceTest, WithoutARunNothingIsStarted) {
  end_run();
  EXPECT_THAT([] { Store::instance().executor(); },
              testing::ThrowsMessage<ServiceNotReady>(
                  HasSubstr("services are started only while tests run")));
}

TEST_F(ServiceTest, ACircularDependencyIsAFailure) {
  const auto failure = ServiceOf<HenFactory>::instance().ensure_ready();
  ASSERT_TRUE(failure);
  EXPECT_THAT(failure->text, HasSubstr("it depends on itself"));
}

TEST_F(ServiceTest, ADeathIsAFailureOfTheTestWithTheLastOutput) {
  Store::instance().ensure_ready();
  tell(Store::instance().executor(), "print last words");
  tell(Store::instance().executor(), "exit 4");
  Store::instance().executor().output().wait_for("last words");
  while (Store::instance().executor().running()) {
  }
  const Outcome outcome = next_test();
  ASSERT_THAT(outcome.failures, SizeIs(1));
  EXPECT_THAT(
      outcome.failures[0].text,
      AllOf(HasSubstr("Store died during Suite.First: exited with 4"), HasSubstr("last words")));
  EXPECT_EQ(Store::instance().ensure_ready(), std::nullopt);
  EXPECT_THAT(next_test().failures, IsEmpty());
}

TEST_F(ServiceTest, AnEndThatTheTestWaitedForIsNotADeath) {
  Store::instance().ensure_ready();
  tell(Store::instance().executor(), "exit 4");
  EXPECT_EQ(Store::instance().executor().wait().code(), 4);
  EXPECT_THAT(next_test().failures, IsEmpty());
  EXPECT_EQ(Store::instance().ensure_ready(), std::nullopt);
}

TEST_F(ServiceTest, ADeathBetweenTestsIsAFailureOfTheSuite) {
  Store::instance().ensure_ready();
  auto& executor = Store::instance().executor();
  end_test(false);
  tell(executor, "exit 4");
  while (executor.running()) {
  }
  begin_test("Suite.Second");
  EXPECT_EQ(Store::instance().ensure_ready(), std::nullopt);
  EXPECT_THAT(end_test(false).failures, IsEmpty());
  const auto failures = end_suite();
  ASSERT_THAT(failures, SizeIs(1));
  EXPECT_THAT(failures[0].text, HasSubstr("Store died after Suite.First: exited with 4"));
}

TEST_F(ServiceTest, AnUncleanStopIsAFailureOfItsScope) {
  EXPECT_EQ(BadEnd::instance().ensure_ready(), std::nullopt);
  end_test(false);
  const auto failures = end_suite();
  ASSERT_THAT(failures, SizeIs(1));
  EXPECT_THAT(failures[0].text,
              AllOf(HasSubstr("BadEnd did not stop cleanly: "), HasSubstr("exited with 3")));
}

TEST_F(ServiceTest, ShowsWhatWasPrintedDuringAFailedTest) {
  Store::instance().ensure_ready();
  tell(Store::instance().executor(), "print first");
  Store::instance().executor().output().wait_for("first");
  EXPECT_THAT(next_test().failures, IsEmpty());
  tell(Store::instance().executor(), "print second");
  Store::instance().executor().output().wait_for("second");
  const Outcome outcome = next_test(true);
  ASSERT_THAT(outcome.failures, SizeIs(1));
  EXPECT_EQ(outcome.failures[0].text, "Store printed during Suite.Second:\n  stdout:\n    second");
  EXPECT_EQ(outcome.output, "");
}

TEST_F(ServiceTest, ShowsWhatWasPrintedAsTheVariableSays) {
  Store::instance().ensure_ready();
  tell(Store::instance().executor(), "print words");
  Store::instance().executor().output().wait_for("words");
  {
    const ScopedVariable always("MIRAKURU_SHOW_OUTPUT", "always");
    EXPECT_THAT(next_test().output, HasSubstr("words"));
  }
  const ScopedVariable never("MIRAKURU_SHOW_OUTPUT", "never");
  tell(Store::instance().executor(), "print more");
  Store::instance().executor().output().wait_for("more");
  const Outcome outcome = next_test(true);
  EXPECT_THAT(outcome.failures, IsEmpty());
  EXPECT_EQ(outcome.output, "");
}

TEST_F(ServiceTest, APartialTestStopsNothing) {
  const int pid = Fresh::instance().executor().pid();
  EXPECT_THAT(end_partial_test(false).failures, IsEmpty());
  EXPECT_EQ(Fresh::instance().executor().pid(), pid);
}

TEST_F(ServiceTest, APartialTestReportsOnlyItsOwnDeathsAndOutput) {
  Store::instance().ensure_ready();
  tell(Store::instance().executor(), "print first words");
  Store::instance().executor().output().wait_for("first words");
  EXPECT_THAT(end_partial_test(false).failures, IsEmpty());
  EXPECT_THAT(end_partial_test(true).failures, IsEmpty());  // nothing was printed since

  Store::instance().ensure_ready();
  tell(Store::instance().executor(), "print last words");
  tell(Store::instance().executor(), "exit 4");
  while (Store::instance().executor().running()) {
  }
  const Outcome outcome = end_partial_test(false);
  ASSERT_THAT(outcome.failures, SizeIs(1));
  EXPECT_THAT(outcome.failures[0].text,
              AllOf(HasSubstr("Store died during Suite.First: exited with 4"),
                    HasSubstr("last words"), Not(HasSubstr("first words"))));
  EXPECT_THAT(end_partial_test(false).failures, IsEmpty());
  EXPECT_THAT(next_test().failures, IsEmpty());
}

TEST_F(ServiceTest, TheNextPartialTestStartsWhatTheLastOneStopped) {
  Store::instance().executor().stop();
  EXPECT_FALSE(Store::instance().executor().running());  // it stays stopped during the partial test
  end_partial_test(false);
  EXPECT_TRUE(Store::instance().executor().running());
}

TEST_F(ServiceTest, AForkStopsAndStartsNothing) {
  auto& executor = Store::instance().executor();
  const int pid = executor.pid();
  const pid_t child = fork();
  if (child == 0) {
    const bool same = Store::instance().executor().pid() == pid;
    const bool none_started = Fresh::instance().ensure_ready().has_value();
    end_test(false);
    end_suite();
    _exit(same && none_started ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(executor.running());
}

TEST_F(ServiceTest, HandlesForReexecutedProgramsAreNotPassedToServices) {
  share_with_reexecuted_program([] { return false; });
  Store::instance().ensure_ready();
  Fresh::instance().ensure_ready();
  share_with_reexecuted_program(nullptr);
  const char* const handles = std::getenv("MIRAKURU_TEST_SERVICES");
  EXPECT_THAT(handles == nullptr ? "" : handles, HasSubstr("Store"));
  const std::string pid = std::to_string(Fresh::instance().executor().pid());
  const std::string variables = tests::ReadFile("/proc/" + pid + "/environ");
  EXPECT_THAT(variables, AllOf(HasSubstr("mirakuru_uuid="), Not(HasSubstr("TEST_SERVICES"))));
}

TEST_F(ServiceTest, SeveralAreStartedConcurrently) {
  Store::instance();
  start_for_all_tests({&Store::instance(), &Broken::instance(), &Fresh::instance()});
  EXPECT_TRUE(Store::instance().executor().running());
  EXPECT_TRUE(Fresh::instance().executor().running());
  EXPECT_THAT(ensure_environment_ready(), SizeIs(1));
  EXPECT_THAT(stop_for_all_tests({&Store::instance(), &Broken::instance(), &Fresh::instance()}),
              IsEmpty());
  EXPECT_THAT(ensure_environment_ready(), IsEmpty());
}

}  // namespace
}  // namespace mirakuru::plugin
