// A test program as users write it. Most of these test cases fail on purpose: see
// ../suite_services_test.cpp for the expected results.
#include <chrono>
#include <csignal>
#include <stdexcept>
#include <string>
#include <type_traits>

#include "mirakuru/catch2.hpp"
#include "programs/catch2.hpp"
#include "support/obedient.hpp"

using mirakuru::HTTPExecutor;
using mirakuru::OutputExecutor;
using mirakuru::tests::Service;
using namespace std::chrono_literals;

// ---- One process for all kinds of test cases, with any number of sections.

MIRAKURU_FIXTURE(Good, OutputExecutor{Obedient("Good"), "ready"});

TEST_CASE_METHOD(Good, "good: runs", "[good]") { CHECK(executor().running()); }

TEST_CASE_METHOD(Good, "good: sections", "[good]") {
  TellThatTheBodyRan();
  SECTION("first") { CHECK(executor().running()); }
  SECTION("second") {
    SECTION("inner") { CHECK(executor().running()); }
    SECTION("other") { CHECK(executor().running()); }
  }
}

TEST_CASE_METHOD(Good, "good: generators", "[good]") {
  TellThatTheBodyRan();
  const int i = GENERATE(1, 2, 3);
  CHECK(executor().running());
  CHECK(i > 0);
}

SCENARIO_METHOD(Good, "good: a scenario", "[good]") {
  GIVEN("a service") {
    WHEN("it is asked") {
      TellThatTheBodyRan();
      THEN("it runs") { CHECK(executor().running()); }
      AND_THEN("it runs still") { CHECK(executor().running()); }
    }
  }
}

template <typename T>
class Typed : public Good {
 protected:
  T value_{};
};
TEMPLATE_TEST_CASE_METHOD(Typed, "good: types", "[good]", int, char) {
  TellThatTheBodyRan();
  CHECK(this->value_ == TestType{});
  CHECK(this->executor().running());
}

TEST_CASE_PERSISTENT_FIXTURE(Good, "good: persistent", "[good]") {
  SECTION("first") { CHECK(executor().running()); }
  SECTION("second") { CHECK(executor().running()); }
}

TEST_CASE("plain: starts what it asks for", "[plain]") { CHECK(Good::executor().running()); }

MIRAKURU_FIXTURE(Web, HTTPExecutor{{Service("http_server"), "--port={port}"},
                                   "http://127.0.0.1:{port}/"});
static_assert(std::is_same_v<decltype(Web::executor()), HTTPExecutor&>);
TEST_CASE_METHOD(Web, "web: knows its url") {
  CHECK(executor().url() == "http://127.0.0.1:" + std::to_string(executor().port()) + "/");
}

// ---- A service that does not get ready.

MIRAKURU_FIXTURE(NeverReady, OutputExecutor{Obedient("NeverReady",
                                                     {"--never-ready",
                                                      "--complains=the configuration is missing"}),
                                            "ready",
                                            {.start_timeout = 300ms}});

TEST_CASE_METHOD(NeverReady, "never ready: first", "[never-ready]") { TellThatTheBodyRan(); }
TEST_CASE_METHOD(NeverReady, "never ready: second", "[never-ready]") {
  TellThatTheBodyRan();
  SECTION("a section") { TellThatTheBodyRan(); }
}
TEST_CASE("never ready: plain", "[never-ready]") {
  REQUIRE(NeverReady::executor().running());
  TellThatTheBodyRan();
}

// Its fixture is created before the first section.
TEST_CASE_PERSISTENT_FIXTURE(NeverReady, "never ready: persistent", "[persistent]") {
  REQUIRE(executor().running());
  TellThatTheBodyRan();
}

MIRAKURU_FIXTURE(EndsAtOnce, OutputExecutor{mirakuru::Command::shell("echo no >&2; exit 3"), "x"});
TEST_CASE_METHOD(EndsAtOnce, "ends at once: first") { TellThatTheBodyRan(); }

MIRAKURU_FIXTURE(BadUrl, HTTPExecutor{"./server", "gopher://localhost"});
TEST_CASE_METHOD(BadUrl, "bad url: first") { TellThatTheBodyRan(); }

// ---- Services that need others.

MIRAKURU_FIXTURE(Store, OutputExecutor{Obedient("Store", {"--port={port}"}), "ready"});
MIRAKURU_FIXTURE(Shop, OutputExecutor{Obedient("Shop", {Store::executor().expand("--store={port}"),
                                                        "--port={port}"}),
                                      "ready"});
TEST_CASE_METHOD(Shop, "shop: has its store", "[shop]") {
  CHECK(Store::executor().running());
  CHECK(Store::executor().port() != executor().port());
}
TEST_CASE_METHOD(Shop, "shop: loses its store", "[shop]") {
  TellToEnd(Store::executor(), "exit 0");
}
TEST_CASE_METHOD(Shop, "shop: has its store again", "[shop]") {
  CHECK(Store::executor().running());
}

MIRAKURU_FIXTURE(ShopOfNothing,
                 OutputExecutor{
                     Obedient("ShopOfNothing", {std::to_string(NeverReady::executor().port())}),
                     "ready"});
TEST_CASE_METHOD(ShopOfNothing, "shop of nothing: first", "[shop-of-nothing]") {}
TEST_CASE_METHOD(ShopOfNothing, "shop of nothing: second", "[shop-of-nothing]") {}

// ---- Services that end when they should not.

MIRAKURU_FIXTURE(Dying, OutputExecutor{Obedient("Dying"), "ready"});
TEST_CASE_METHOD(Dying, "dying: lives", "[dying]") {
  TellToPrint(executor(), "while it lived");
  SUCCEED();
}
TEST_CASE_METHOD(Dying, "dying: dies", "[dying]") {
  TellToPrint(executor(), "its last words");
  TellToEnd(executor(), "die 9");
  SUCCEED("as far as the test knows");
}
TEST_CASE_METHOD(Dying, "dying: lives again", "[dying]") { CHECK(executor().running()); }
TEST_CASE_METHOD(Dying, "dying: dies in a section", "[dying]") {
  SECTION("lives") { CHECK(executor().running()); }
  SECTION("dies") { TellToEnd(executor(), "exit 4"); }
  SECTION("lives again") { CHECK(executor().running()); }
}
TEST_CASE_METHOD(Dying, "dying: is stopped by the test", "[dying]") {
  SECTION("stopped") {
    executor().stop();
    CHECK_FALSE(executor().running());
  }
  SECTION("running") { CHECK(executor().running()); }
}
TEST_CASE("plain: outlives what dies", "[plain-dying]") {
  SECTION("dies") { TellToEnd(Dying::executor(), "exit 4"); }
  SECTION("lives again") { CHECK(Dying::executor().running()); }
}

MIRAKURU_FIXTURE(BadEnd, OutputExecutor{Obedient("BadEnd", {"--exit-with=7"}), "ready"});
TEST_CASE_METHOD(BadEnd, "bad end: passes") { CHECK(executor().running()); }

// ---- Output of services.

MIRAKURU_FIXTURE(Talking, OutputExecutor{Obedient("Talking"), "ready"});
TEST_CASE_METHOD(Talking, "talking: passes") {
  TellToPrint(executor(), "during the test that passed");
  SUCCEED();
}
TEST_CASE_METHOD(Talking, "talking: fails") {
  Tell(executor(), "complain on its stderr");
  TellToPrint(executor(), "during the test that failed");
  executor().err_output().wait_for("on its stderr");
  FAIL("for a reason of its own");
}
TEST_CASE_METHOD(Talking, "talking: fails a check") {
  TellToPrint(executor(), "before the check");
  CHECK(1 == 2);
  TellToPrint(executor(), "after the check");
}
TEST_CASE_METHOD(Talking, "talking: fails in one of its sections") {
  SECTION("passes") {
    TellToPrint(executor(), "during the section that passed");
    SUCCEED();
  }
  SECTION("fails") {
    TellToPrint(executor(), "during the section that failed");
    FAIL("for a reason of its own");
  }
}
TEST_CASE_METHOD(Talking, "talking: fails in silence") { FAIL("for a reason of its own"); }
TEST_CASE_METHOD(Talking, "talking: throws") {
  TellToPrint(executor(), "before the exception");
  throw std::runtime_error("thrown");
}
TEST_CASE_METHOD(Talking, "talking: may fail", "[!mayfail]") {
  TellToPrint(executor(), "during the test that may fail");
  FAIL("for a reason of its own");
}
TEST_CASE_METHOD(Talking, "talking: prints binary") {
  // ESC [31m, NUL, invalid UTF-8, U+FFFF, an encoded surrogate, the end of a CDATA section.
  Tell(executor(), "hex 1b5b33316d00fffec3efbfbfeda0805d5d3e0a");
  TellToPrint(executor(), "end");
  FAIL("for a reason of its own");
}
TEST_CASE_METHOD(Talking, "talking: prints results of tests") {
  Tell(executor(), "print ok 1 - not of this program");
  Tell(executor(), "print not ok 7");
  TellToPrint(executor(), "</testsuites>");
  FAIL("for a reason of its own");
}
TEST_CASE_METHOD(Talking, "talking: prints much") {
  Tell(executor(), "lines 200000");
  TellToPrint(executor(), "end");
  FAIL("for a reason of its own");
}
TEST_CASE_METHOD(Talking, "talking: crashes") {
  CHECK(executor().running());
  raise(SIGABRT);
}
MIRAKURU_FIXTURE(Stubborn,
                 OutputExecutor{Service("ignores_sigterm"), "ignoring", {.stop_timeout = 1h}});
TEST_CASE_METHOD(Stubborn, "stubborn: crashes") { raise(SIGABRT); }
TEST_CASE("plain: fails four times") {
  for (int i = 0; i < 4; ++i) CHECK(i < 0);
}

// ---- A process for every test case.

MIRAKURU_TEST_FIXTURE(Fresh, OutputExecutor{Obedient("Fresh"), "ready"});
TEST_CASE_METHOD(Fresh, "fresh: first") { CHECK(executor().running()); }
TEST_CASE_METHOD(Fresh, "fresh: second") { CHECK(executor().running()); }
TEST_CASE_METHOD(Fresh, "fresh: sections") {
  SECTION("one") { CHECK(executor().running()); }
  SECTION("two") { CHECK(executor().running()); }
}
TEST_CASE_METHOD(Fresh, "fresh: fails") {
  TellToPrint(executor(), "from a fresh process");
  FAIL("for a reason of its own");
}

MIRAKURU_TEST_FIXTURE(FreshBadEnd,
                      OutputExecutor{Obedient("FreshBadEnd", {"--exit-with=7"}), "ready"});
TEST_CASE_METHOD(FreshBadEnd, "fresh bad end: passes") { CHECK(executor().running()); }

MIRAKURU_TEST_FIXTURE(FreshNeverReady,
                      OutputExecutor{Obedient("FreshNeverReady", {"--never-ready"}),
                                     "ready",
                                     {.start_timeout = 100ms}});
TEST_CASE_METHOD(FreshNeverReady, "fresh never ready: first", "[fresh-never-ready]") {}
TEST_CASE_METHOD(FreshNeverReady, "fresh never ready: second", "[fresh-never-ready]") {}
