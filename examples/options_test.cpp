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
  options.expected_returncode = 3;
  options.std_err = mirakuru::Stream::to_stdout();
  // Ends with 3 when it is asked to stop.
  mirakuru::OutputExecutor service(
      {"sh", "-c", "trap 'exit 3' TERM; echo ready >&2; while :; do sleep 0.01; done"}, "ready",
      options);
  // [readme:end]
  service.start();
  EXPECT_EQ(service.output().text(), "ready\n");
  EXPECT_NO_THROW(service.stop());
}
