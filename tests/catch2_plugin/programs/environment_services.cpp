// MIRAKURU_ENVIRONMENT; see ../environment_test.cpp for the expected results. The variable STORE is
// an additional argument for one of the two services.
#include <chrono>
#include <string>

#include "mirakuru/catch2.hpp"
#include "programs/catch2.hpp"
#include "support/obedient.hpp"

using mirakuru::OutputExecutor;
using namespace std::chrono_literals;

MIRAKURU_ENVIRONMENT(Store, OutputExecutor{Obedient("Store", {Variable("STORE"), "--port={port}"}),
                                           "ready",
                                           {.start_timeout = 300ms}});
MIRAKURU_ENVIRONMENT(Shop, OutputExecutor{Obedient("Shop", {Store::executor().expand("{port}")}),
                                          "ready"});

TEST_CASE("plain: passes", "[plain]") {
  TellThatTheBodyRan();
  CHECK(Store::executor().running());
  CHECK(Shop::executor().running());
}
TEST_CASE("plain: passes without a word", "[plain]") { TellThatTheBodyRan(); }
TEST_CASE_METHOD(Shop, "shop: is a fixture, too", "[shop]") { TellThatTheBodyRan(); }
TEST_CASE("hidden", "[.]") {}
TEST_CASE("failing: fails") {
  TellToPrint(Store::executor(), "the store talks");
  FAIL("for a reason of its own");
}
TEST_CASE("dying: dies", "[dying]") { TellToEnd(Store::executor(), "exit 5"); }
TEST_CASE("dying: lives again", "[dying]") { CHECK(Store::executor().running()); }
