// A user's first test, compiled by projects that are not this one.
#include <gtest/gtest.h>

#include <chrono>
#include <mirakuru/gtest.hpp>
#include <mirakuru/mirakuru.hpp>

namespace {

MIRAKURU_FIXTURE(Server, mirakuru::HTTPExecutor{{HTTP_SERVER, "--port", "{port}"},
                                                "http://127.0.0.1:{port}/health"});

TEST_F(Server, LogsTheRequestThatItWasReadyFor) {
  EXPECT_EQ(executor().output().wait_for("HEAD", std::chrono::seconds(10)), "HEAD /health");
}

}  // namespace
