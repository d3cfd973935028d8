// One process for the whole run, with your own main.
#include <gtest/gtest.h>

#include <mirakuru/gtest.hpp>

#include "http_client.hpp"

// [readme:environment-main]
mirakuru::HTTPExecutor server({HTTP_SERVER, "--port", "{port}"}, "http://127.0.0.1:{port}/health");
mirakuru::TCPExecutor redis("redis-server --port {port} --save ''", "127.0.0.1:{port}");

TEST(Health, IsGood) { EXPECT_EQ(http_get(server.url()).status, 200); }

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  testing::AddGlobalTestEnvironment(new mirakuru::gtest::Environment({server, redis}));
  return RUN_ALL_TESTS();
}
// [readme:end]
