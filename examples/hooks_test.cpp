// Your own executor: a subclass that overrides the two hooks.
#include <gtest/gtest.h>

#include <mirakuru/mirakuru.hpp>

#include "http_client.hpp"

// [readme:hooks]
class GreetingExecutor : public mirakuru::Executor {
 public:
  using Executor::Executor;
  std::string home() const { return expand("http://127.0.0.1:{port}/"); }

 protected:
  // Called before the start. True: another process is answering already.
  bool pre_start_check() override { return false; }
  // Called repeatedly after the start. True: ready. An exception means "not ready yet".
  bool after_start_check() override { return http_get(home()).body == "good morning\n"; }
};
// [readme:end]

TEST(GreetingExecutor, IsReadyWhenItGreets) {
  GreetingExecutor server({HTTP_SERVER, "--port", "{port}", "good morning"});
  server.start();
  EXPECT_EQ(http_get(server.home()).body, "good morning\n");
}

TEST(GreetingExecutor, IsNotReadyWhileTheGreetingIsWrong) {
  GreetingExecutor server({HTTP_SERVER, "--port", "{port}", "go away"},
                          {.start_timeout = std::chrono::milliseconds(300)});
  EXPECT_THROW(server.start(), mirakuru::TimeoutExpired);
  EXPECT_FALSE(server.running());
}
