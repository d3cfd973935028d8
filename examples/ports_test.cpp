// Free ports, and the other placeholders.
#include <gtest/gtest.h>

#include <mirakuru/mirakuru.hpp>

#include "http_client.hpp"

TEST(Placeholders, AreFilledIn) {
  // [readme:ports]
  mirakuru::HTTPExecutor server({HTTP_SERVER, "--port", "{port}", "I am {name}, see {port:admin}"},
                                "http://127.0.0.1:{port}/health", {.name = "api"});
  server.start();

  EXPECT_EQ(server.url(), "http://127.0.0.1:" + std::to_string(server.port()) + "/health");
  EXPECT_EQ(http_get(server.expand("http://127.0.0.1:{port}/")).body,
            "I am api, see " + std::to_string(server.port("admin")) + "\n");
  // [readme:end]
}

TEST(Placeholders, LeaveOtherBracesAlone) {
  // [readme:braces]
  mirakuru::SimpleExecutor braces({"echo", "{{port}} ${HOME} {\"json\": true}"});
  braces.start().wait();
  EXPECT_EQ(braces.output().text(), "{port} ${HOME} {\"json\": true}\n");
  // [readme:end]
}
