// A service that needs another one: the argument of one macro uses the service of the other.
#include <gtest/gtest.h>

#include <mirakuru/gtest.hpp>

#include "http_client.hpp"

// [readme:dependency]
MIRAKURU_FIXTURE(Redis,
                 mirakuru::TCPExecutor{"redis-server --port {port} --save ''", "127.0.0.1:{port}"});
MIRAKURU_FIXTURE(Api, mirakuru::HTTPExecutor{
                          {HTTP_SERVER, "--port", "{port}",
                           Redis::executor().expand("my redis is at 127.0.0.1:{port}")},
                          "http://127.0.0.1:{port}/health"});

TEST_F(Api, KnowsItsRedis) {  // Redis was started first, and is stopped last
  const std::string home = http_get(executor().expand("http://127.0.0.1:{port}/")).body;
  EXPECT_EQ(home, Redis::executor().expand("my redis is at 127.0.0.1:{port}\n"));
}
// [readme:end]
