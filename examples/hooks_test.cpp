// An executor of one's own: a subclass that overrides the two hooks.
#include <gtest/gtest.h>

#include <mirakuru/mirakuru.hpp>

#include "http_client.hpp"

// [readme:hooks]
class GreetingExecutor : public mirakuru::Executor {
 public:
  using Executor::Executor;
  std::string home() const { return expand("http://127.0.0.1:{port}/"); }

 protected:
  // Asked before the start. True: somebody else is there already.
  bool pre_start_check() override { return false; }
  // Asked again and again after the start. True: ready. An exception means "not yet".
  bool after_start_check() override { return http_get(home()).body == "good morning\n"; }
};
// [readme:end]

TEST(GreetingExecutor, IsReadyWhenItGreets) {
  GreetingExecutor server({HTTP_SERVER, "--port", "{port}", "good morning"});
  server.start();
  EXPECT_EQ(http_get(server.home()).body, "good morning\n");
}

TEST(GreetingExecutor, IsNotReadyAsLongAsItGreetsOtherwise) {
  GreetingExecutor server({HTTP_SERVER, "--port", "{port}", "go away"},
                          {.start_timeout = std::chrono::milliseconds(300)});
  EXPECT_THROW(server.start(), mirakuru::TimeoutExpired);
  EXPECT_FALSE(server.running());
}
