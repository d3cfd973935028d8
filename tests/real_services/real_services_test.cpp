// What holds for every service.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "real_service.hpp"
#include "support/leftovers.hpp"
#include "support/missing.hpp"
#include "support/sockets.hpp"

namespace mirakuru::tests {
namespace {

using testing::Each;
using testing::IsEmpty;
using testing::Not;
using testing::ResultOf;

bool DescendsFrom(int pid, int ancestor) {
  while (pid > 1 && pid != ancestor) pid = ParentOf(pid);
  return pid == ancestor;
}

// All processes of the service that `pid` belongs to. These programs change their command lines and
// environments, but all children of the shepherd belong to the service.
std::vector<int> ProcessesOfTheServiceOf(int pid) {
  const int shepherd = ParentOf(pid);
  std::vector<int> pids;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const int candidate = std::atoi(entry.path().filename().c_str());
    if (candidate > 1 && candidate != shepherd && DescendsFrom(candidate, shepherd)) {
      pids.push_back(candidate);
    }
  }
  return pids;
}

class RealServices : public testing::TestWithParam<RealService> {
 protected:
  void SetUp() override {
    const std::string missing = WhatIsMissing(service().programs);
    if (missing.empty()) return;
    if (MissingIsAllowed()) GTEST_SKIP() << missing;
    FAIL() << missing;
  }

  static const RealService& service() { return GetParam(); }
};

TEST_P(RealServices, AnswerAtTheFirstTry) {
  const auto executor = service().make();
  executor->start();
  EXPECT_EQ(service().ask(*executor), service().answer);
}

TEST_P(RealServices, LeaveNothingWhenStopped) {
  const auto executor = service().make();
  executor->start();
  const std::vector<int> pids = ProcessesOfTheServiceOf(service().pid(*executor));
  ASSERT_THAT(pids, Not(IsEmpty()));
  EXPECT_TRUE(Lives(service().pid(*executor)));
  executor->stop();
  EXPECT_THAT(pids, Each(ResultOf(&Lives, false)));
  EXPECT_FALSE(executor->running());
  EXPECT_FALSE(Connects("127.0.0.1", executor->port()));
}

TEST_P(RealServices, RefuseConnectionsWhileDownAndKeepTheirPort) {
  const auto executor = service().make();
  executor->start();
  const int port = executor->port();
  {
    const Outage outage = executor->stopped();
    EXPECT_FALSE(Connects("127.0.0.1", port));
  }
  EXPECT_EQ(service().ask(*executor), service().answer) << "after an outage";
  executor->restart();
  EXPECT_EQ(service().ask(*executor), service().answer) << "after a restart";
  EXPECT_EQ(executor->port(), port);
}

INSTANTIATE_TEST_SUITE_P(, RealServices,
                         testing::Values(Memcached(), Nginx(), NginxAsADaemon(),
                                         PostgresqlByItsOutput(), PostgresqlByPgIsready(),
                                         PythonHttpServer(), Redis()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace mirakuru::tests
