// Bash completion, as bash calls it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "run.hpp"

namespace mirakuru::tests {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// What is offered for the last of these words.
std::string Completed(const std::string& words) {
  const std::string script =
      "PATH=" + std::filesystem::path(MIRAKURU_COMMAND).parent_path().string() +
      ":$PATH; source " MIRAKURU_COMPLETION "; COMP_WORDS=(mirakuru " + words +
      "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _mirakuru; printf '<%s>' \"${COMPREPLY[@]}\"";
  return RunToTheEnd({"bash", "-c", script}).text;
}

using CompletionCommand = CommandTest;

TEST_F(CompletionCommand, OffersSubcommands) {
  EXPECT_EQ(Completed("r"), "<run><reap>");
  EXPECT_THAT(Completed("''"), AllOf(HasSubstr("<up>"), HasSubstr("<down>"), HasSubstr("<ps>")));
}

TEST_F(CompletionCommand, OffersTheOptionsOfTheSubcommand) {
  EXPECT_EQ(Completed("up --ow"), "<--owner=>");
  EXPECT_THAT(Completed("run --"), AllOf(HasSubstr("<--ready=>"), Not(HasSubstr("--owner"))));
}

TEST_F(CompletionCommand, OffersNothingOfOursAfterTheDashes) {
  EXPECT_THAT(Completed("run -- --"), Not(HasSubstr("--ready")));
}

TEST_F(CompletionCommand, OffersServicesThatRun) {
  ASSERT_EQ(RunMirakuru({"up", "--name=cellar", "--", Service("does_as_told")}).exit_code, 0);
  EXPECT_EQ(Completed("down cel"), "<cellar>");
  EXPECT_EQ(RunMirakuru({"down"}).exit_code, 0);
}

}  // namespace
}  // namespace mirakuru::tests
