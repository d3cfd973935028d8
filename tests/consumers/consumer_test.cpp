// A user's first test, compiled by projects that are not this one.
#include <gtest/gtest.h>
#include <mirakuru/gtest.hpp>
#include <mirakuru/mirakuru.hpp>

#include <chrono>

namespace {

MIRAKURU_FIXTURE(Greeter, mirakuru::OutputExecutor({"sh", "-c", "echo ready; cat"}, "ready"));

TEST_F(Greeter, AnswersWhatItIsTold) {
  executor().input().write("hello\n");
  EXPECT_EQ(executor().output().wait_for("hel+o", std::chrono::seconds(10)), "hello");
}

}  // namespace
