// start_together: several services concurrently.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "mirakuru/mirakuru.hpp"
#include "support/leftovers.hpp"
#include "support/service.hpp"
#include "support/thrown.hpp"

namespace mirakuru::tests {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

TEST(StartTogether, ReturnsOnceEveryOneIsReady) {
  TCPExecutor tcp({Service("listens_on_port"), "--port={port}"}, "127.0.0.1:{port}");
  OutputExecutor output({Service("prints_banner")}, "ready");
  SimpleExecutor simple("sleep 60");
  start_together({&tcp, &output, &simple});
  EXPECT_TRUE(tcp.running());
  EXPECT_TRUE(output.running());
  EXPECT_TRUE(simple.running());
}

// Each becomes ready only after the other was started: started in sequence, neither would.
TEST(StartTogether, StartsThemConcurrently) {
  SimpleExecutor directory("true");
  const std::string one = directory.expand("{tmpdir}/one");
  const std::string other = directory.expand("{tmpdir}/other");
  OutputExecutor first(Command::shell("touch " + one + "; while ! test -e " + other +
                                      "; do sleep 0.01; done; echo ready; read line"),
                       "ready");
  OutputExecutor second(Command::shell("touch " + other + "; while ! test -e " + one +
                                       "; do sleep 0.01; done; echo ready; read line"),
                        "ready");
  start_together({&first, &second});
  EXPECT_TRUE(first.running());
  EXPECT_TRUE(second.running());
}

TEST(StartTogether, StopsTheOthersIfOneFails) {
  const Mark mark;
  OutputExecutor ready({Service("prints_banner"), mark.argument()}, "ready");
  OutputExecutor waiting({Service("prints_banner"), mark.argument()}, "never said");
  OutputExecutor failing({Service("exits_with"), "--code=3", "--after-ms=50"}, "never said",
                         {.name = "the failing one"});
  const auto error = Thrown<ProcessExitedWithError>([&] {
    start_together({&ready, &waiting, &failing});
  });
  EXPECT_THAT(error.what(), HasSubstr("the failing one"));
  EXPECT_EQ(error.exit_status().code(), 3);
  EXPECT_THAT(mark.processes(), IsEmpty());
  EXPECT_FALSE(ready.running());
  EXPECT_FALSE(waiting.running());
}

TEST(StartTogether, LeavesRunningWhatRanBefore) {
  SimpleExecutor before("sleep 60");
  const int pid = before.start().pid();
  OutputExecutor other({Service("prints_banner")}, "ready");
  start_together({&before, &other});
  EXPECT_EQ(before.pid(), pid);
}

TEST(StartTogether, IsHarmlessWithNone) { EXPECT_NO_THROW(start_together({})); }

}  // namespace
}  // namespace mirakuru::tests
