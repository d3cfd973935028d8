// How an executor knows that its service is ready.
#include <gtest/gtest.h>

#include <mirakuru/mirakuru.hpp>

#include "http_client.hpp"

using namespace std::chrono_literals;

TEST(Checks, Combine) {
  // [readme:checks-combined]
  // Both, in any order:
  mirakuru::Executor server({HTTP_SERVER, "--port", "{port}"},
                            mirakuru::all_of(mirakuru::OutputCheck{.banner = "listening on"},
                                             mirakuru::TcpCheck{"127.0.0.1:{port}"}));
  // [readme:end]
  server.start();
  EXPECT_TRUE(server.output().match("listening on"));
}

TEST(Checks, AreDetailed) {
  // [readme:checks-detailed]
  mirakuru::HTTPExecutor server({HTTP_SERVER, "--port", "{port}"},
                                {.url = "http://127.0.0.1:{port}/",
                                 .status = "2..|404",  // a number, or a regular expression
                                 .method = "GET",
                                 .headers = {{"Accept", "text/plain"}}});
  mirakuru::OutputExecutor database(
      {"sh", "-c", "echo ready; echo restarting; echo ready; exec sleep 60"},
      {.banner = "^ready", .times = 2, .fail_on = "(?i)fatal"});
  // [readme:end]
  mirakuru::start_together({&server, &database});
  EXPECT_EQ(server.output().match("GET"), "GET /");
}

TEST(Checks, CanBeAnotherProgram) {
  // [readme:checks-command]
  mirakuru::Executor redis("redis-server --port {port} --save ''",
                           mirakuru::CommandCheck{"redis-cli -p {port} ping"});
  // [readme:end]
  redis.start();
  EXPECT_TRUE(redis.running());
}

TEST(Checks, CanBeAnyCallable) {
  // [readme:checks-callable]
  mirakuru::Executor server({HTTP_SERVER, "--port", "{port}"}, [&] {
    return http_get(server.expand("http://127.0.0.1:{port}/")).body == "hello\n";
  });  // an exception means "not ready yet"
  // [readme:end]
  server.start();
  EXPECT_TRUE(server.running());
}
