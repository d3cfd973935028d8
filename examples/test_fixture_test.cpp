// A fresh process for every test.
#include <gtest/gtest.h>

#include <mirakuru/gtest.hpp>

// [readme:test-fixture]
MIRAKURU_TEST_FIXTURE(FreshRedis, mirakuru::TCPExecutor{"redis-server --port {port} --save ''",
                                                        "127.0.0.1:{port}"});

// A class to derive from, like any fixture.
class Counter : public FreshRedis {
 protected:
  int increment() {
    mirakuru::SimpleExecutor client(executor().expand("redis-cli -p {port} incr counter"));
    client.start().wait();
    return std::stoi(client.output().text());
  }
};

TEST_F(Counter, StartsAtZero) { EXPECT_EQ(increment(), 1); }
TEST_F(Counter, StartsAtZeroAgain) { EXPECT_EQ(increment(), 1); }
// [readme:end]
