// One process for the whole run, without your own main.
#include <gtest/gtest.h>

#include <mirakuru/gtest.hpp>

#include "http_client.hpp"

// [readme:environment]
MIRAKURU_ENVIRONMENT(Server, mirakuru::HTTPExecutor{{HTTP_SERVER, "--port", "{port}"},
                                                    "http://127.0.0.1:{port}/health"});

TEST(Health, IsGood) { EXPECT_EQ(http_get(Server::executor().url()).status, 200); }
// [readme:end]

TEST(Home, SaysHello) {
  const std::string url = Server::executor().expand("http://127.0.0.1:{port}/");
  EXPECT_EQ(http_get(url).body, "hello\n");
}
