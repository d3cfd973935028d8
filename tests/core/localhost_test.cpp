// "localhost" may be 127.0.0.1, ::1 or both, while a service listens on only one of them: it is
// found nevertheless.
#include <gtest/gtest.h>
#include <netdb.h>
#include <sched.h>
#include <sys/mount.h>

#include <string>

#include "mirakuru/mirakuru.hpp"
#include "support/service.hpp"
#include "support/sockets.hpp"
#include "support/temp_dir.hpp"

namespace mirakuru::tests {
namespace {

bool LocalhostIs(int family) {
  addrinfo hints{};
  hints.ai_family = family;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo("localhost", "1", &hints, &found) != 0) return false;
  freeaddrinfo(found);
  return true;
}

class Localhost : public testing::TestWithParam<const char*> {
 protected:
  // If the hosts file of the machine lacks an address, this process uses its own hosts file.
  void SetUp() override {
    if (!LocalhostIs(AF_INET) || !LocalhostIs(AF_INET6)) {
      WriteFile(directory_ / "hosts", "127.0.0.1 localhost\n::1 localhost\n");
      if (unshare(CLONE_NEWNS) != 0 ||
          mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
          mount((directory_ / "hosts").c_str(), "/etc/hosts", nullptr, MS_BIND, nullptr) != 0) {
        GTEST_SKIP() << "localhost has one address here, and only root can give it another";
      }
    }
    ASSERT_TRUE(LocalhostIs(AF_INET) && LocalhostIs(AF_INET6));
  }

  const TempDir directory_;
};

TEST_P(Localhost, IsTriedAtEveryAddressForTcp) {
  TCPExecutor executor(
      {Service("listens_on_port"), std::string("--host=") + GetParam(), "--port={port}"},
      "localhost:{port}", {.start_timeout = std::chrono::seconds(5)});
  EXPECT_NO_THROW(executor.start());
}

TEST_P(Localhost, IsTriedAtEveryAddressForHttp) {
  HTTPExecutor executor(
      {Service("http_server"), std::string("--host=") + GetParam(), "--port={port}"},
      "http://localhost:{port}/", {.start_timeout = std::chrono::seconds(5)});
  EXPECT_NO_THROW(executor.start());
}

TEST_P(Localhost, IsTakenIfAForeignProcessListensOnEitherAddress) {
  const SimpleExecutor foreign_ports("sleep {port:p}");
  const int port = foreign_ports.port("p");
  TCPExecutor foreign({Service("listens_on_port"), std::string("--host=") + GetParam(),
                       "--port=" + std::to_string(port)},
                      Endpoint(GetParam(), port));
  foreign.start();
  TCPExecutor executor("sleep 60", Endpoint("localhost", port));
  EXPECT_THROW(executor.start(), AlreadyRunning);
}

INSTANTIATE_TEST_SUITE_P(Served, Localhost, testing::Values("127.0.0.1", "::1"),
                         [](const auto& host) {
                           return host.param[0] == ':' ? "OnIPv6Only" : "OnIPv4Only";
                         });

}  // namespace
}  // namespace mirakuru::tests
