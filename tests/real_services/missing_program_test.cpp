// Tests whose program is missing. A test program without a PATH finds none.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <filesystem>
#include <string>

#include "support/child_program.hpp"
#include "support/environment.hpp"

namespace mirakuru::tests {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

struct Outcome {
  int status;
  std::string text;
};

Outcome RunTestsOfMemcachedWithoutPath() {
  const ScopedVariable path("PATH", "/nonexistent");
  ChildProgram tests({std::filesystem::read_symlink("/proc/self/exe").string(),
                      "--gtest_filter=*AnswerAtTheFirstTry/Memcached"});
  const int status = tests.wait_for_end();
  return {status, tests.text()};
}

TEST(MissingProgram, FailsTheTestAndNamesThePackage) {
  const ScopedVariable rule("MIRAKURU_TEST_ALLOW_MISSING", "");
  const Outcome outcome = RunTestsOfMemcachedWithoutPath();
  EXPECT_TRUE(WIFEXITED(outcome.status) && WEXITSTATUS(outcome.status) == 1);
  EXPECT_THAT(outcome.text, AllOf(HasSubstr("install the package memcached"),
                                  HasSubstr("[  FAILED  ]"), Not(HasSubstr("[  SKIPPED ]"))));
}

TEST(MissingProgram, IsAVisibleSkipIfThatIsAllowed) {
  const ScopedVariable rule("MIRAKURU_TEST_ALLOW_MISSING", "1");
  const Outcome outcome = RunTestsOfMemcachedWithoutPath();
  EXPECT_TRUE(WIFEXITED(outcome.status) && WEXITSTATUS(outcome.status) == 0);
  EXPECT_THAT(outcome.text,
              AllOf(HasSubstr("install the package memcached"), HasSubstr("[  SKIPPED ]")));
}

}  // namespace
}  // namespace mirakuru::tests
