// How does a client handle an outage of its server? An outage in the middle of a test.
#include <gtest/gtest.h>

#include <future>
#include <mirakuru/gtest.hpp>

#include "http_client.hpp"

using namespace std::chrono_literals;

MIRAKURU_FIXTURE(Server, mirakuru::HTTPExecutor{{HTTP_SERVER, "--port", "{port}"},
                                                "http://127.0.0.1:{port}/health"});

// [readme:outage]
TEST_F(Server, MayBeDownForAWhile) {
  const std::string url = executor().url();
  {
    const auto outage = executor().stopped();
    EXPECT_ANY_THROW(http_get(url));  // connection refused
  }
  EXPECT_EQ(http_get(url).status, 200);  // ready again, on the same port
}

TEST_F(Server, MayHang) {
  std::future<Response> answer;
  {
    const auto pause = executor().paused();
    answer = std::async(std::launch::async, http_get, executor().url());
    EXPECT_EQ(answer.wait_for(100ms), std::future_status::timeout);
  }
  EXPECT_EQ(answer.get().status, 200);
}
// [readme:end]
