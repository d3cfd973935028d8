// A copy of the test program (fork) neither harms nor keeps alive what its parent has started; nor
// does another program that replaces it (exec), or the end of a thread that has started a service.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

#include "support/leftovers.hpp"
#include "support/service.hpp"
#include "support/wait_until.hpp"
#include "test_program.hpp"

namespace mirakuru::tests {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

Words StartsAService(const Words& options) {
  Words words{"starts_services"};
  words.insert(words.end(), options.begin(), options.end());
  words.insert(words.end(), {"--", Service("forks_children_in_own_groups")});
  return words;
}

// --- forked copies

// It keeps all descriptors of its parent open.
TEST(ForkedCopy, KeepsNothingAliveThatItsParentStarted) {
  ExpectProtectedBy("owner_pidfd", [](const std::string& without) {
    TestProgram program(without, StartsAService({"--copy=lives_on", "--way=waits"}));
    program.wait_until_ready();
    program.kill();
    Words left = program.left();
    EXPECT_THAT(program.copies(), testing::SizeIs(1));
    return left;
  });
}

class ForkedCopyThat : public testing::TestWithParam<std::string> {};

TEST_P(ForkedCopyThat, DoesNotStopItsParentsServices) {
  // Returns what should still run, but does not.
  ExpectProtectedBy("own_pid", [](const std::string& without) -> Words {
    TestProgram program(without, StartsAService({"--copy=" + GetParam(), "--way=waits"}));
    const int service = program.wait_until_ready().at(0);
    return Lives(service) ? Words{} : Words{"its parent's service"};
  });
}

INSTANTIATE_TEST_SUITE_P(Does, ForkedCopyThat,
                         testing::Values("exits", "stops", "kills", "destroys"));

TEST(ForkedCopy, EndsWithTheServicesThatItHasStarted) {
  ExpectProtectedBy("owner_pidfd,channel_end", [](const std::string& without) {
    TestProgram program(
        without, {"starts_services", "--copy=starts", "--way=waits", "--",
                  Service("ignores_sigterm"), "::", Service("forks_children_in_own_groups")});
    const int its_parents = program.wait_until_ready().at(0);
    EXPECT_THAT(program.text(), HasSubstr("the copy's runs"));
    std::vector<int> left;
    WaitUntil(
        [&] {
          left = program.services();
          left.erase(std::remove(left.begin(), left.end(), its_parents), left.end());
          return left.empty();
        },
        1s);
    EXPECT_TRUE(Lives(its_parents));
    return left;
  });
}

// --- exec

// It has the pid of the test program, but none of its descriptors.
TEST(AnotherProgramInPlace, HasNoServices) {
  ExpectProtectedBy("channel_end", [](const std::string& without) {
    TestProgram program(without, StartsAService({"--way=exec"}));
    program.wait_until_ready();
    Words left = program.left();
    EXPECT_TRUE(Lives(program.pid()));
    return left;
  });
}

// --- threads

TEST(ThreadThatEnds, EndsNoService) {
  TestProgram program("", StartsAService({"--in-thread=yes", "--way=waits"}));
  const int service = program.wait_until_ready().at(0);
  EXPECT_FALSE(WaitUntil([&] { return !Lives(service); }, 200ms));
  program.kill();
  EXPECT_THAT(program.left(), testing::IsEmpty());
}

// The control: so would every process that asks to end with the thread that started it (prctl(2)).
TEST(ThreadThatEnds, EndsItsChildrenIfTheyAskForThat) {
  int asked[2];
  ASSERT_EQ(pipe(asked), 0);
  pid_t child = 0;
  std::thread([&] {
    child = fork();
    if (child == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      close(asked[1]);
      while (true) pause();
    }
    close(asked[1]);
    char c;
    EXPECT_EQ(read(asked[0], &c, 1), 0);
  }).join();
  close(asked[0]);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(WTERMSIG(status), SIGKILL);
}

}  // namespace
}  // namespace mirakuru::tests
