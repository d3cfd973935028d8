// Combined checks, and callables as checks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <stdexcept>
#include <string>

#include "mirakuru/mirakuru.hpp"
#include "support/leftovers.hpp"
#include "support/service.hpp"
#include "support/sockets.hpp"
#include "support/thrown.hpp"

namespace mirakuru::tests {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Command PrintsThenListens() {
  return Command::shell("echo ready to accept; exec " + Service("listens_on_port") +
                        " --port={port} --after-ms=50");
}

TEST(AllOf, IsReadyOnceEveryOneHasBeen) {
  Executor executor(PrintsThenListens(),
                    all_of(OutputCheck{.banner = "ready to accept"}, TcpCheck{"127.0.0.1:{port}"}));
  executor.start();
  EXPECT_TRUE(Connects("127.0.0.1", executor.port()));
}

TEST(AllOf, DoesNotAskAgainWhatWasReadyOnce) {
  int asked = 0;
  Executor executor(PrintsThenListens(), all_of(
                                             [&] {
                                               ++asked;
                                               return true;
                                             },
                                             TcpCheck{"127.0.0.1:{port}"}));
  executor.start();
  EXPECT_EQ(asked, 1);
}

TEST(AllOf, ReportsWhatIsMissing) {
  Executor executor({Service("prints_banner"), "--unused={port}"},
                    all_of(OutputCheck{.banner = "ready to accept"}, TcpCheck{"127.0.0.1:{port}"}),
                    {.start_timeout = 300ms});
  const auto error = Thrown<TimeoutExpired>([&] { executor.start(); });
  EXPECT_THAT(error.what(), AllOf(HasSubstr("ready to accept"), HasSubstr("onnection refused")));
}

TEST(AllOf, FailsAtOnceIfOneOfThemSaysThatItFailed) {
  Executor executor(
      {Service("prints_banner"), "--banner=FATAL"},
      all_of(FileCheck{"{tmpdir}/never"}, OutputCheck{.banner = "ready", .fail_on = "FATAL"}),
      {.start_timeout = forever});
  EXPECT_THROW(executor.start(), StartupFailed);
}

TEST(AllOf, RefusesToStartIfSomebodyHoldsOneOfThem) {
  const Socket foreign = Listener();
  Executor executor("sleep 60",
                    all_of(OutputCheck{.banner = "x"}, TcpCheck{{"127.0.0.1", foreign.port()}}));
  EXPECT_THROW(executor.start(), AlreadyRunning);
}

TEST(AnyOf, IsReadyOnceOneOfThemIs) {
  for (const std::string banner : {"ready as primary", "ready as replica"}) {
    Executor executor(
        {Service("prints_banner"), "--banner=" + banner},
        any_of(OutputCheck{.banner = "as primary"}, OutputCheck{.banner = "as replica"}));
    EXPECT_NO_THROW(executor.start()) << banner;
  }
}

TEST(AnyOf, ReportsAllThatItWaitedFor) {
  Executor executor("sleep 60",
                    any_of(FileCheck{"{tmpdir}/one"}, UnixSocketCheck{"{tmpdir}/other"}),
                    {.start_timeout = 300ms});
  const auto error = Thrown<TimeoutExpired>([&] { executor.start(); });
  EXPECT_THAT(error.what(), AllOf(HasSubstr(executor.expand("{tmpdir}/one")),
                                  HasSubstr(executor.expand("{tmpdir}/other"))));
}

TEST(Combinations, Nest) {
  Executor executor(PrintsThenListens(),
                    all_of(any_of(FileCheck{"{tmpdir}/never"}, OutputCheck{.banner = "ready"}),
                           TcpCheck{"127.0.0.1:{port}"}));
  executor.start();
  EXPECT_TRUE(Connects("127.0.0.1", executor.port()));
}

TEST(Combinations, GiveThePortThatOneOfThemNames) {
  const Executor executor("sleep 1", all_of(OutputCheck{.banner = "x"}, TcpCheck{"localhost:99"}));
  EXPECT_EQ(executor.port(), 99);
}

TEST(Combinations, MixWithNotifyAndCommands) {
  Executor executor({Service("notifies_ready")},
                    all_of(NotifyCheck{}, CommandCheck{"true"}, [] { return true; }));
  EXPECT_NO_THROW(executor.start());
}

TEST(Callable, IsAskedUntilItSaysYes) {
  int asked = 0;
  Executor executor("sleep 60", [&] { return ++asked == 4; });
  executor.start();
  EXPECT_EQ(asked, 4);
}

TEST(Callable, MayBeAFunctionOrAnObject) {
  struct Always {
    bool operator()() const { return true; }
  };
  bool (*const function)() = [] { return true; };
  EXPECT_NO_THROW(Executor("sleep 60", Always{}).start());
  EXPECT_NO_THROW(Executor("sleep 60", function).start());
  EXPECT_NO_THROW(Executor("sleep 60", std::function<bool()>(Always{})).start());
}

TEST(Callable, SaysNotYetIfItThrows) {
  int asked = 0;
  Executor executor("sleep 60", [&]() -> bool {
    if (++asked < 3) throw std::runtime_error("nobody there");
    return true;
  });
  executor.start();
  EXPECT_EQ(asked, 3);
}

TEST(Callable, ReportsItsLastException) {
  const Mark mark;
  Executor executor({Service("ignores_sigterm"), mark.argument()},
                    []() -> bool { throw std::runtime_error("my client: no route \x1b[31m"); },
                    {.start_timeout = 300ms});
  const auto error = Thrown<TimeoutExpired>([&] { executor.start(); });
  EXPECT_THAT(error.what(), AllOf(HasSubstr("my client: no route"), Not(HasSubstr("\x1b"))));
  EXPECT_THAT(mark.processes(), IsEmpty());
}

TEST(Callable, CanBeDescribed) {
  Executor executor("sleep 60", Check("the replica to catch up", [] { return false; }),
                    {.start_timeout = 50ms});
  const auto error = Thrown<TimeoutExpired>([&] { executor.start(); });
  EXPECT_THAT(error.what(), HasSubstr("the replica to catch up"));
}

std::string Printed(const Check& check) {
  std::ostringstream out;
  out << check;
  return out.str();
}

TEST(Checks, PrintAsWhatTheyWaitFor) {
  EXPECT_THAT(Printed(TcpCheck{"127.0.0.1:{port}"}), HasSubstr("127.0.0.1:{port}"));
  EXPECT_THAT(Printed(HttpCheck{"http://localhost/x"}),
              AllOf(HasSubstr("HEAD"), HasSubstr("http://localhost/x")));
  EXPECT_THAT(Printed(OutputCheck{.banner = "rea+dy"}), HasSubstr("rea+dy"));
  EXPECT_THAT(Printed(FileCheck{"/run/x.pid"}), HasSubstr("/run/x.pid"));
  EXPECT_THAT(Printed(UnixSocketCheck{"/run/x.sock"}), HasSubstr("/run/x.sock"));
  EXPECT_THAT(Printed(CommandCheck{"pg_isready -p 1"}), HasSubstr("pg_isready -p 1"));
  EXPECT_THAT(Printed(NotifyCheck{}), HasSubstr("READY=1"));
  EXPECT_THAT(Printed(Check("the moon", [] { return true; })), HasSubstr("the moon"));
  EXPECT_THAT(Printed(any_of(FileCheck{"/a"}, all_of(FileCheck{"/b"}, FileCheck{"/c"}))),
              AllOf(HasSubstr("any of"), HasSubstr("all of"), HasSubstr("/a"), HasSubstr("/b"),
                    HasSubstr("/c")));
}

}  // namespace
}  // namespace mirakuru::tests
