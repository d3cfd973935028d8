// MIRAKURU_ENVIRONMENT; see ../environment_test.cpp for the expected results. The variable STORE is
// an additional argument for one of the two services.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <string>

#include "mirakuru/gtest.hpp"
#include "support/obedient.hpp"

using mirakuru::OutputExecutor;
using namespace std::chrono_literals;

MIRAKURU_ENVIRONMENT(Store, OutputExecutor{Obedient("Store", {Variable("STORE"), "--port={port}"}),
                                           "ready",
                                           {.start_timeout = 300ms}});
MIRAKURU_ENVIRONMENT(Shop, OutputExecutor{Obedient("Shop", {Store::executor().expand("{port}")}),
                                          "ready"});

TEST(Plain, Passes) {
  std::puts("THE BODY RAN");
  EXPECT_TRUE(Store::executor().running());
  EXPECT_TRUE(Shop::executor().running());
}
TEST(Plain, PassesToo) { std::puts("THE BODY RAN"); }
TEST_F(Shop, IsAFixtureToo) { std::puts("THE BODY RAN"); }
TEST(Plain, DISABLED_IsNotRun) {}
TEST(Failing, Fails) {
  TellToPrint(Store::executor(), "the store talks");
  FAIL() << "for a reason of its own";
}
TEST(Dying, Dies) { TellToEnd(Store::executor(), "exit 5"); }
TEST(Dying, LivesAgain) { EXPECT_TRUE(Store::executor().running()); }
