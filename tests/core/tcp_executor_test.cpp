// TCPExecutor: ready when our service, and not a foreign process, accepts connections.
#include "mirakuru/tcp_executor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "mirakuru/errors.hpp"
#include "support/child_program.hpp"
#include "support/environment.hpp"
#include "support/leftovers.hpp"
#include "support/service.hpp"
#include "support/sockets.hpp"
#include "support/temp_dir.hpp"
#include "support/thrown.hpp"

namespace mirakuru::tests {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

Command ListensOn(const std::string& host, const std::string& more = "") {
  return Command({Service("listens_on_port"), "--host=" + host, "--port={port}", more});
}

TEST(TCPExecutor, IsReadyOnceItsPortAcceptsConnections) {
  TCPExecutor executor(ListensOn("127.0.0.1", "--after-ms=30"), "127.0.0.1:{port}");
  executor.start();
  EXPECT_TRUE(Connects("127.0.0.1", executor.port()));
  EXPECT_EQ(executor.host(), "127.0.0.1");
}

TEST(TCPExecutor, SpeaksIPv6) {
  TCPExecutor executor(ListensOn("::1"), "[::1]:{port}");
  executor.start();
  EXPECT_TRUE(Connects("::1", executor.port()));
  EXPECT_EQ(executor.host(), "::1");
}

TEST(TCPExecutor, FindsAServiceThatListensOnAllAddresses) {
  TCPExecutor any(ListensOn("0.0.0.0"), "127.0.0.1:{port}");
  EXPECT_NO_THROW(any.start());
  TCPExecutor any6(ListensOn("::"), "127.0.0.1:{port}");
  EXPECT_NO_THROW(any6.start());
}

TEST(TCPExecutor, TakesHostAndPort) {
  const FreePort port;
  TCPExecutor executor({Service("listens_on_port"), "--port=" + port.text()},
                       {"localhost", port.number()});
  executor.start();
  EXPECT_EQ(executor.port(), port.number());
}

TEST(TCPExecutor, IsReadyWhenADaemonOfItsListens) {
  const Mark mark;
  TCPExecutor executor({Service("daemonizes_and_forgets_its_environment"), "--port={port}",
                        "--after-ms=30", mark.argument()},
                       "127.0.0.1:{port}");
  executor.start();
  EXPECT_TRUE(executor.running());
  EXPECT_FALSE(executor.died());
  executor.stop();
  EXPECT_THAT(mark.processes(), IsEmpty());
}

TEST(TCPExecutor, RefusesToStartIfAnotherProgramAnswers) {
  const Mark mark;
  const FreePort port;
  ChildProgram foreign({Service("listens_on_port"), "--port=" + port.text(), "--say-when"});
  ASSERT_TRUE(foreign.wait_for_text("at "));
  TCPExecutor executor({Service("ignores_sigterm"), mark.argument()}, {"127.0.0.1", port.number()});
  const auto error = Thrown<AlreadyRunning>([&] { executor.start(); });
  EXPECT_THAT(error.what(), AllOf(HasSubstr(std::to_string(foreign.pid())),
                                  HasSubstr("listens_on_port"), HasSubstr(port.text())));
  EXPECT_THAT(mark.processes(), IsEmpty());
}

TEST(TCPExecutor, RefusesToStartIfTheTestItselfAnswers) {
  const Socket foreign = Listener();
  TCPExecutor executor("sleep 60", {"127.0.0.1", foreign.port()});
  const auto error = Thrown<AlreadyRunning>([&] { executor.start(); });
  EXPECT_THAT(error.what(), HasSubstr(std::to_string(getpid())));
}

TEST(TCPExecutor, RefusesToStartIfAnotherExecutorsServiceAnswers) {
  TCPExecutor first(ListensOn("127.0.0.1"), "127.0.0.1:{port}");
  first.start();
  TCPExecutor second("sleep 60", {"127.0.0.1", first.port()});
  const auto error = Thrown<AlreadyRunning>([&] { second.start(); });
  EXPECT_THAT(error.what(), HasSubstr(std::to_string(first.pid())));
}

// The foreign process takes the port between the start of the service and its readiness.
struct ForeignProcessTakesThePort {
  explicit ForeignProcessTakesThePort(const Options& options)
      : executor(Command::shell("touch " + directory.path() + "/now; exec sleep 60 # {port}"),
                 "127.0.0.1:{port}", options),
        foreign({Service("listens_on_port"), "--port=" + std::to_string(executor.port()),
                 "--after-file=" + (directory / "now")}) {}

  TempDir directory;
  TCPExecutor executor;
  ChildProgram foreign;
};

TEST(TCPExecutor, IsNotReadyIfAForeignProcessTakesThePortAndNamesIt) {
  ForeignProcessTakesThePort scene({.start_timeout = 300ms});
  const auto error = Thrown<AlreadyRunning>([&] { scene.executor.start(); });
  EXPECT_THAT(error.what(),
              AllOf(HasSubstr(std::to_string(scene.foreign.pid())), HasSubstr("listens_on_port")));
  EXPECT_FALSE(scene.executor.running());
}

TEST(TCPExecutor, AcceptsAnySocketWithoutVerification) {
  ForeignProcessTakesThePort scene({.verify_listener = false});
  EXPECT_NO_THROW(scene.executor.start());
}

TEST(TCPExecutor, SaysWhatTheLastTryMetIfNobodyAnswers) {
  TCPExecutor executor("sleep 60 {port}", "127.0.0.1:{port}", {.start_timeout = 300ms});
  const auto error = Thrown<TimeoutExpired>([&] { executor.start(); });
  EXPECT_THAT(error.what(), AllOf(HasSubstr("127.0.0.1:" + std::to_string(executor.port())),
                                  HasSubstr("onnection refused"), HasSubstr(InWords(300ms))));
}

// A label of more than 63 bytes is invalid, so that no name server is asked for it.
TEST(TCPExecutor, SaysThatAHostDoesNotResolve) {
  const std::string host = std::string(64, 'x') + ".invalid";
  TCPExecutor executor("sleep 60", Endpoint(host, 80), {.start_timeout = 300ms});
  const auto error = Thrown<TimeoutExpired>([&] { executor.start(); });
  EXPECT_THAT(error.what(), AllOf(HasSubstr("cannot resolve"), HasSubstr(host)));
}

}  // namespace
}  // namespace mirakuru::tests
