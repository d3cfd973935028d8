// The helpers of these tests. They must find what they check for: a check for leftovers that never
// finds any would let every test pass.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "support/child_program.hpp"
#include "support/leftovers.hpp"
#include "support/service.hpp"
#include "support/sockets.hpp"
#include "support/temp_dir.hpp"
#include "support/thrown.hpp"
#include "support/wait_until.hpp"

namespace mirakuru::tests {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Leftovers, AreFoundWhileTheyLive) {
  const Mark mark;
  EXPECT_THAT(mark.processes(), IsEmpty());
  {
    ChildProgram left({Service("ignores_sigterm"), mark.argument()});
    EXPECT_TRUE(left.wait_for_text("ignoring"));
    EXPECT_THAT(mark.processes(), ElementsAre(left.pid()));
    EXPECT_FALSE(mark.gone_within(20ms));
  }
  EXPECT_THAT(mark.processes(), IsEmpty());
}

TEST(Leftovers, AreDistinguishedFromThoseOfOtherMarks) {
  const Mark mark;
  const Mark other;
  ChildProgram left({Service("ignores_sigterm"), mark.argument()});
  EXPECT_TRUE(left.wait_for_text("ignoring"));
  EXPECT_THAT(other.processes(), IsEmpty());
}

TEST(Leftovers, AreNotZombies) {
  const Mark mark;
  ChildProgram ended({Service("exits_with"), "--code=0", mark.argument()});
  // WNOWAIT: it remains a zombie.
  siginfo_t info{};
  ASSERT_EQ(waitid(P_PID, static_cast<id_t>(ended.pid()), &info, WEXITED | WNOWAIT), 0);
  EXPECT_EQ(StateOf(ended.pid()), 'Z');
  EXPECT_FALSE(Lives(ended.pid()));
  EXPECT_THAT(mark.processes(), IsEmpty());
}

TEST(Leftovers, AreFoundInOtherSessionsAndWithoutAnEnvironment) {
  const Mark mark;
  const TempDir directory;
  ChildProgram starter({Service("daemonizes_and_forgets_its_environment"),
                        "--pid-file=" + (directory / "pid"), mark.argument()});
  ASSERT_TRUE(WaitUntil([&] { return std::filesystem::exists(directory / "pid"); }));
  const int daemon = std::atoi(ReadFile(directory / "pid").c_str());
  EXPECT_THAT(mark.processes(), testing::Contains(daemon));
  kill(daemon, SIGKILL);
  EXPECT_TRUE(mark.gone_within(5s));
}

TEST(Leftovers, AreFoundInGroupsOfTheirOwn) {
  const Mark mark;
  {
    ChildProgram parent({Service("forks_children_in_own_groups"), "--children=2", mark.argument()});
    ASSERT_TRUE(parent.wait_for_text("ready"));
    EXPECT_THAT(mark.processes(), SizeIs(5));
  }
  EXPECT_THAT(mark.processes(), SizeIs(4)) << "what a plain kill leaves behind";
  for (const int pid : mark.processes()) kill(pid, SIGKILL);
  EXPECT_TRUE(mark.gone_within(5s));
}

TEST(WaitUntil, SaysWhetherItCameTrue) {
  int asked = 0;
  EXPECT_TRUE(WaitUntil([&] { return ++asked == 3; }));
  EXPECT_FALSE(WaitUntil([] { return false; }, 5ms));
}

TEST(Thrown, FailsIfNothingOrSomethingElseIsThrown) {
  EXPECT_THROW(Thrown<std::runtime_error>([] {}), std::logic_error);
  EXPECT_THROW(Thrown<std::runtime_error>([] { throw std::range_error("derived"); }),
               std::logic_error);
  EXPECT_STREQ(Thrown<std::runtime_error>([] { throw std::runtime_error("x"); }).what(), "x");
}

TEST(FreePort, IsFreeForThoseWhoReuseAddresses) {
  const FreePort port;
  EXPECT_FALSE(Socket(AF_INET).bind(port.number()));
  const Socket listener = Listener(port.number());
  EXPECT_TRUE(Connects("127.0.0.1", port.number()));
}

TEST(ChildProgram, GivesOutputAndStatus) {
  ChildProgram program({"sh", "-c", "echo one; echo two >&2; exit 3"});
  EXPECT_EQ(WEXITSTATUS(program.wait_for_end()), 3);
  EXPECT_EQ(program.text(), "one\ntwo\n");
}

}  // namespace
}  // namespace mirakuru::tests
