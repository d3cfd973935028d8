// The options of an executor.
#include <gtest/gtest.h>

#include <mirakuru/mirakuru.hpp>

#include "http_client.hpp"

using namespace std::chrono_literals;

TEST(Options, AreNamed) {
  // [readme:options]
  mirakuru::HTTPExecutor server({HTTP_SERVER, "--port", "{port}"}, "http://127.0.0.1:{port}/health",
                                {.start_timeout = 30s,
                                 .stop_timeout = 5s,
                                 .stop_signal = SIGINT,
                                 .cwd = "{tmpdir}",
                                 .env = {{"TZ", "UTC"}, {"API_PORT", "{port}"}},
                                 .name = "api"});
  // [readme:end]
  server.start();
  EXPECT_EQ(http_get(server.url()).status, 200);
  EXPECT_EQ(server.name(), "api");
  server.stop();
  EXPECT_EQ(server.exit_status()->signal(), SIGINT);
}

TEST(Options, CanBeSetOneByOne) {
  // [readme:options-c++17]
  mirakuru::Options options;  // C++17 without designated initialisers
  options.expected_returncode = 143;
  options.std_err = mirakuru::Stream::to_stdout();
  // A Java program turns SIGTERM into the exit code 143.
  mirakuru::OutputExecutor java(
      {"sh", "-c", "trap 'exit 143' TERM; echo ready >&2; while :; do sleep 0.01; done"}, "ready",
      options);
  // [readme:end]
  java.start();
  EXPECT_EQ(java.output().text(), "ready\n");
  EXPECT_NO_THROW(java.stop());
}
