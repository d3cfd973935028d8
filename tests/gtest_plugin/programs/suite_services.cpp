// A test program as users write it. Most of these tests fail on purpose: see
// ../suite_services_test.cpp for the expected results.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <string>
#include <type_traits>

#include "mirakuru/gtest.hpp"
#include "support/obedient.hpp"

using mirakuru::HTTPExecutor;
using mirakuru::OutputExecutor;
using mirakuru::tests::Service;
using namespace std::chrono_literals;

// ---- One process for the suite, whatever kind of test uses it.

MIRAKURU_FIXTURE(Good, OutputExecutor{Obedient("Good"), "ready"});

TEST_F(Good, Runs) { EXPECT_TRUE(executor().running()); }
TEST_F(Good, RunsStill) { EXPECT_TRUE(executor().running()); }

class Derived : public Good {
 public:
  Derived() : port_(executor().pid()) {}

 protected:
  void SetUp() override { EXPECT_EQ(port_, executor().pid()); }
  int port_;
};
TEST_F(Derived, Runs) { EXPECT_TRUE(executor().running()); }

class Parameterized : public Good, public testing::WithParamInterface<int> {};
TEST_P(Parameterized, Runs) { EXPECT_TRUE(executor().running()); }
INSTANTIATE_TEST_SUITE_P(Two, Parameterized, testing::Values(1, 2));

template <typename T>
class Typed : public Good {};
using Types = testing::Types<int, char>;
TYPED_TEST_SUITE(Typed, Types, );
TYPED_TEST(Typed, Runs) { EXPECT_TRUE(this->executor().running()); }

MIRAKURU_FIXTURE(Web, HTTPExecutor{{Service("http_server"), "--port={port}"},
                                   "http://127.0.0.1:{port}/"});
static_assert(std::is_same_v<decltype(Web::executor()), HTTPExecutor&>);
TEST_F(Web, KnowsItsUrl) {
  EXPECT_EQ(executor().url(), "http://127.0.0.1:" + std::to_string(executor().port()) + "/");
}

// ---- A service that does not get ready.

MIRAKURU_FIXTURE(NeverReady, OutputExecutor{Obedient("NeverReady",
                                                     {"--never-ready",
                                                      "--complains=the configuration is missing"}),
                                            "ready",
                                            {.start_timeout = 300ms}});

TEST_F(NeverReady, First) { std::puts("THE BODY RAN"); }
TEST_F(NeverReady, Second) { std::puts("THE BODY RAN"); }
class NeverReadyElsewhere : public NeverReady {
 protected:
  void SetUp() override { std::puts("THE BODY RAN"); }
  void TearDown() override { std::puts("THE BODY RAN"); }
};
TEST_F(NeverReadyElsewhere, Third) { std::puts("THE BODY RAN"); }

MIRAKURU_FIXTURE(EndsAtOnce, OutputExecutor{mirakuru::Command::shell("echo no >&2; exit 3"), "x"});
TEST_F(EndsAtOnce, First) {}

MIRAKURU_FIXTURE(BadUrl, HTTPExecutor{"./server", "gopher://localhost"});
TEST_F(BadUrl, First) {}

// A member that uses the executor before the test can be stopped.
class NeedsItInTheConstructor : public NeverReady {
 protected:
  const int pid_ = executor().pid();
};
TEST_F(NeedsItInTheConstructor, First) { std::puts("THE BODY RAN"); }

class NeedsItInTheSetUp : public NeverReady {
 protected:
  static void SetUpTestSuite() { std::printf("%d\n", executor().pid()); }
};
TEST_F(NeedsItInTheSetUp, First) { std::puts("THE BODY RAN"); }
TEST_F(NeedsItInTheSetUp, Second) { std::puts("THE BODY RAN"); }

// ---- Services that need others.

MIRAKURU_FIXTURE(Store, OutputExecutor{Obedient("Store", {"--port={port}"}), "ready"});
MIRAKURU_FIXTURE(Shop, OutputExecutor{Obedient("Shop", {Store::executor().expand("--store={port}"),
                                                        "--port={port}"}),
                                      "ready"});
TEST_F(Shop, HasItsStore) {
  EXPECT_TRUE(Store::executor().running());
  EXPECT_NE(Store::executor().port(), executor().port());
}
TEST_F(Shop, LosesItsStore) { TellToEnd(Store::executor(), "exit 0"); }
TEST_F(Shop, HasItsStoreAgain) { EXPECT_TRUE(Store::executor().running()); }

MIRAKURU_FIXTURE(ShopOfNothing,
                 OutputExecutor{
                     Obedient("ShopOfNothing", {std::to_string(NeverReady::executor().port())}),
                     "ready"});
TEST_F(ShopOfNothing, First) {}
TEST_F(ShopOfNothing, Second) {}

TEST(Plain, StartsWhatItAsksFor) { EXPECT_TRUE(Good::executor().running()); }

// ---- Services that end when they should not.

MIRAKURU_FIXTURE(Dying, OutputExecutor{Obedient("Dying"), "ready"});
TEST_F(Dying, Lives) { TellToPrint(executor(), "while it lived"); }
TEST_F(Dying, Dies) {
  TellToPrint(executor(), "its last words");
  TellToEnd(executor(), "die 9");
}
TEST_F(Dying, LivesAgain) { EXPECT_TRUE(executor().running()); }
TEST_F(Dying, IsStoppedByTheTest) {
  executor().stop();
  EXPECT_FALSE(executor().running());
}
TEST_F(Dying, LivesOnceMore) { EXPECT_TRUE(executor().running()); }

// The test notices the death before the shepherd has reported it.
TEST_F(Dying, DiesAndOnlyItsPipeTells) {
  const std::string path = executor().expand("{tmpdir}/pipe");
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  Tell(executor(), "hold " + path);
  const int pipe = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  Tell(executor(), "die 9");
  char c = 0;
  EXPECT_EQ(read(pipe, &c, 1), 0);
  close(pipe);
}

class DyingAfterTheTests : public Dying {
 protected:
  static void TearDownTestSuite() { TellToEnd(executor(), "exit 4"); }
};
TEST_F(DyingAfterTheTests, Passes) {}

MIRAKURU_FIXTURE(BadEnd, OutputExecutor{Obedient("BadEnd", {"--exit-with=7"}), "ready"});
TEST_F(BadEnd, Passes) {}

// ---- Output of services.

MIRAKURU_FIXTURE(Talking, OutputExecutor{Obedient("Talking"), "ready"});
TEST_F(Talking, Passes) { TellToPrint(executor(), "during the test that passed"); }
TEST_F(Talking, Fails) {
  Tell(executor(), "complain on its stderr");
  TellToPrint(executor(), "during the test that failed");
  executor().err_output().wait_for("on its stderr");
  FAIL() << "for a reason of its own";
}
// The test continues before the output is in the log.
TEST_F(Talking, FailsAsSoonAsItHasPrinted) {
  const std::string path = executor().expand("{tmpdir}/file");
  Tell(executor(), "print at the last moment");
  Tell(executor(), "make " + path);
  while (access(path.c_str(), F_OK) != 0) {
  }
  FAIL() << "for a reason of its own";
}
TEST_F(Talking, FailsInSilence) { FAIL() << "for a reason of its own"; }
TEST_F(Talking, FailsByAnException) {
  TellToPrint(executor(), "before the exception");
  throw std::runtime_error("thrown");
}
TEST_F(Talking, SkipsItself) {
  TellToPrint(executor(), "before it was skipped");
  GTEST_SKIP();
}
TEST_F(Talking, PrintsBinary) {
  // ESC [31m, NUL, invalid UTF-8, U+FFFF, an encoded surrogate, the end of a CDATA section.
  Tell(executor(), "hex 1b5b33316d00fffec3efbfbfeda0805d5d3e0a");
  TellToPrint(executor(), "end");
  FAIL() << "for a reason of its own";
}
TEST_F(Talking, PrintsMuch) {
  Tell(executor(), "lines 200000");
  TellToPrint(executor(), "end");
  FAIL() << "for a reason of its own";
}
TEST_F(Talking, PrintsTheMarkOfSkippedTests) {
  Tell(executor(), "print [  SKIPPED ] Inner.Test");
  executor().output().wait_for("Inner.Test");
  FAIL() << "for a reason of its own";
}

// ---- A process for every test.

MIRAKURU_TEST_FIXTURE(Fresh, OutputExecutor{Obedient("Fresh"), "ready"});
TEST_F(Fresh, First) { EXPECT_TRUE(executor().running()); }
TEST_F(Fresh, Second) { EXPECT_TRUE(executor().running()); }
TEST_F(Fresh, Fails) {
  TellToPrint(executor(), "from a fresh process");
  FAIL() << "for a reason of its own";
}

MIRAKURU_TEST_FIXTURE(FreshBadEnd,
                      OutputExecutor{Obedient("FreshBadEnd", {"--exit-with=7"}), "ready"});
TEST_F(FreshBadEnd, FailsAtItsEnd) {}

MIRAKURU_TEST_FIXTURE(FreshNeverReady,
                      OutputExecutor{Obedient("FreshNeverReady", {"--never-ready"}),
                                     "ready",
                                     {.start_timeout = 100ms}});
TEST_F(FreshNeverReady, First) {}
TEST_F(FreshNeverReady, Second) {}

TEST_F(Good, DISABLED_IsNotRun) {}
class AllDisabled : public Good {};
TEST_F(AllDisabled, DISABLED_IsNotRun) {}
