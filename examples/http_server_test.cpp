// The main use case: a suite of tests that talk to a real server over HTTP.
#include "http_client.hpp"
// [readme:first-example]
#include <gtest/gtest.h>

#include <mirakuru/gtest.hpp>

// One server for the suite, on a free port. It is ready when it answers this URL with 2xx.
MIRAKURU_FIXTURE(Server, mirakuru::HTTPExecutor{{HTTP_SERVER, "--port", "{port}"},
                                                "http://127.0.0.1:{port}/"});

TEST_F(Server, SaysHello) { EXPECT_EQ(http_get(executor().url()).body, "hello\n"); }

TEST_F(Server, LogsRequests) {
  EXPECT_EQ(http_get(executor().url() + "nowhere").status, 404);
  executor().output().wait_for("GET /nowhere");
}
// [readme:end]

TEST_F(Server, IsTheSameProcessInAllTests) {
  static const int pid = executor().pid();
  EXPECT_EQ(executor().pid(), pid);
  EXPECT_TRUE(executor().running());
}

TEST_F(Server, ComesBackOnItsPortAfterAnOutage) {
  const std::string url = executor().url();
  {
    const auto outage = executor().stopped();
    EXPECT_ANY_THROW(http_get(url));
  }
  EXPECT_EQ(http_get(url).body, "hello\n");
}
