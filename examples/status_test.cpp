// For code without exceptions: <mirakuru/status.hpp>.
#include <gtest/gtest.h>

#include "http_client.hpp"
// [readme:status]
#include <mirakuru/mirakuru.hpp>
#include <mirakuru/status.hpp>

TEST(Status, IsOkIfTheServiceIsReady) {
  mirakuru::HTTPExecutor server({HTTP_SERVER, "--port", "{port}"},
                                "http://127.0.0.1:{port}/health");
  const absl::Status status = mirakuru::try_start(server);
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_TRUE(mirakuru::try_stop(server).ok());
}

TEST(Status, SaysWhatIsWrong) {
  mirakuru::SimpleExecutor missing("no-such-program");
  EXPECT_EQ(mirakuru::try_start(missing).code(), absl::StatusCode::kNotFound);
}
// [readme:end]
