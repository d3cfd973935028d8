// A port belongs to its executor until that is destroyed: no other program gets it, and the service
// finds it free.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "mirakuru/mirakuru.hpp"
#include "support/service.hpp"
#include "support/sockets.hpp"
#include "support/temp_dir.hpp"
#include "support/thrown.hpp"

namespace mirakuru::tests {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

// The ports that the system assigns now, up to a few thousand. Each one is kept, so that the system
// has to assign others.
std::set<int> PortsThatTheSystemHandsOut() {
  std::set<int> ports;
  std::vector<Socket> taken;
  for (int i = 0; i < 900; ++i) {
    taken.emplace_back(AF_INET);
    if (!taken.back().bind(0)) break;
    ports.insert(taken.back().port());
  }
  return ports;
}

TEST(Ports, AreNotHandedOutToOthers) {
  const SimpleExecutor executor("sleep {port:held}");
  const int port = executor.port("held");
  EXPECT_THAT(PortsThatTheSystemHandsOut(), Not(Contains(port)));

  Socket other(AF_INET);
  EXPECT_FALSE(other.bind(port)) << "a program that does not set SO_REUSEADDR got it";
}

TEST(Ports, AreDifferentForEachExecutor) {
  std::set<int> ports;
  std::vector<std::unique_ptr<SimpleExecutor>> executors;
  for (int i = 0; i < 50; ++i) {
    executors.push_back(std::make_unique<SimpleExecutor>("sleep {port}"));
    ports.insert(executors.back()->port());
  }
  EXPECT_EQ(ports.size(), 50u);
}

TEST(Ports, AreFreeAgainOnceTheExecutorIsGone) {
  int port = 0;
  {
    const SimpleExecutor executor("sleep {port:held}");
    port = executor.port("held");
    EXPECT_FALSE(Socket(AF_INET).bind(port));
  }
  EXPECT_TRUE(Socket(AF_INET).bind(port));
}

TEST(Ports, StayTheSameOverARestart) {
  TCPExecutor executor({Service("listens_on_port"), "--port={port}"}, "127.0.0.1:{port}");
  executor.start();
  const int port = executor.port();
  executor.restart();
  EXPECT_EQ(executor.port(), port);
  EXPECT_TRUE(Connects("127.0.0.1", port));
}

TEST(Ports, AreKeptWhileTheServiceIsDown) {
  TCPExecutor executor({Service("listens_on_port"), "--port={port}"}, "127.0.0.1:{port}");
  executor.start();
  const int port = executor.port();
  {
    const auto outage = executor.stopped();
    EXPECT_FALSE(Connects("127.0.0.1", port));
    EXPECT_FALSE(Socket(AF_INET).bind(port)) << "somebody else could have taken it";
    EXPECT_EQ(executor.port(), port);
  }
  EXPECT_TRUE(Connects("127.0.0.1", port));
}

TEST(Ports, AreReleasedForServicesThatDoNotSetReuseAddress) {
  TCPExecutor executor({Service("listens_without_reuseaddr"), "--port={port}"}, "127.0.0.1:{port}");
  executor.start();
  EXPECT_TRUE(Connects("127.0.0.1", executor.port()));
}

TEST(Ports, AreReplacedIfTheServiceFindsThemInUse) {
  const TempDir directory;
  TCPExecutor executor({Service("listens_without_reuseaddr"), "--port={port}",
                        "--taken-the-first-times=2", "--count-file=" + (directory / "count")},
                       "127.0.0.1:{port}");
  executor.start();
  EXPECT_EQ(ReadFile(directory / "count"), "xxx") << "the third start went well";
  EXPECT_TRUE(Connects("127.0.0.1", executor.port()));
}

TEST(Ports, AreReplacedNoMoreThanTheGivenTimes) {
  const TempDir directory;
  TCPExecutor executor({Service("listens_without_reuseaddr"), "--port={port}",
                        "--taken-the-first-times=1000", "--count-file=" + (directory / "count")},
                       "127.0.0.1:{port}", {.start_attempts = 2});
  const auto error = Thrown<ProcessExitedWithError>([&] { executor.start(); });
  EXPECT_EQ(ReadFile(directory / "count"), "xx");
  EXPECT_THAT(error.what(), HasSubstr("Address already in use"));
}

// Another port would not help, since the message may be about another address.
TEST(Ports, AreTriedOnceIfThereIsNoneToReplace) {
  const TempDir directory;
  const FreePort port;
  TCPExecutor executor({Service("listens_without_reuseaddr"), "--port=" + port.text(),
                        "--taken-the-first-times=1000", "--count-file=" + (directory / "count")},
                       Endpoint("127.0.0.1", port.number()));
  Thrown<ProcessExitedWithError>([&] { executor.start(); });
  EXPECT_EQ(ReadFile(directory / "count"), "x");
}

TEST(Ports, AreNotReplacedIfTheServiceFailedForAnotherReason) {
  const TempDir directory;
  TCPExecutor executor(Command::shell("echo x >> " + (directory / "count") + "; exit 3 # {port}"),
                       "127.0.0.1:{port}");
  Thrown<ProcessExitedWithError>([&] { executor.start(); });
  EXPECT_EQ(ReadFile(directory / "count"), "x\n");
}

TEST(Ports, AreThoseOfTheCheckIfNoneWasAskedFor) {
  EXPECT_EQ(TCPExecutor("sleep 1", {"localhost", 1025}).port(), 1025);
  EXPECT_EQ(HTTPExecutor("sleep 1", "http://127.0.0.1:8080/").port(), 8080);
  EXPECT_EQ(HTTPExecutor("sleep 1", "http://127.0.0.1/").port(), 80);
  EXPECT_EQ(HTTPExecutor("sleep 1", "https://127.0.0.1/").port(), 443);
}

TEST(Ports, ThrowIfThereIsNone) {
  const SimpleExecutor executor("sleep 1");
  const auto error = Thrown<std::invalid_argument>([&] { executor.port(); });
  EXPECT_THAT(error.what(), testing::AllOf(HasSubstr("sleep"), HasSubstr("{port}")));
}

TEST(Ports, RejectAnUnusedName) {
  SimpleExecutor executor("sleep {port} {port:admin}");
  for (const std::function<void()>& ask : std::vector<std::function<void()>>{
           [&] { executor.port("admn"); }, [&] { executor.expand("host:{port:admn}"); }}) {
    EXPECT_THAT(Thrown<std::invalid_argument>(ask).what(),
                testing::AllOf(HasSubstr("sleep: {port:admn} is not used"),
                               HasSubstr("{port}, {port:admin}")));
  }
  EXPECT_GT(executor.port("admin"), 0);
}

// Wherever it names them, the check included.
TEST(Ports, AreThoseOfAllTextsOfTheExecutor) {
  const HTTPExecutor executor(
      {"sleep", "1"},
      {.url = "http://127.0.0.1:{port:url}/", .headers = {{"X-Port", "{port:header}"}}},
      {.cwd = "/{port:cwd}",
       .env = {{"PORT", "{port:env}"}},
       .std_out = Stream::file("/{port:file}")});
  std::set<int> ports;
  for (const char* name : {"url", "header", "cwd", "env", "file"})
    ports.insert(executor.port(name));
  EXPECT_EQ(ports.size(), 5u);
}

}  // namespace
}  // namespace mirakuru::tests
