// A program of two files (programs/two_files.cpp, programs/two_files_other.cpp).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "run.hpp"

namespace mirakuru::tests {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

TEST(Catch2TwoFilesTest, AServiceInAHeaderIsOneService) {
  const ProgramRun run("two_files", "[shared]");
  EXPECT_EQ(run.exit_code(), 0) << run.document();
  EXPECT_THAT(run.trace(), ElementsAre("start Shared", "stop Shared"));
}

TEST(Catch2TwoFilesTest, TheSameNameInTwoNamespacesIsTwoServices) {
  const ProgramRun run("two_files", "[namespace]");
  EXPECT_EQ(run.exit_code(), 0) << run.document();
  EXPECT_THAT(run.pids_of("start One"), SizeIs(1));
  EXPECT_THAT(run.pids_of("start Other"), SizeIs(1));
}

// The linker silently keeps one of them.
TEST(Catch2TwoFilesTest, TwoServicesOfOneNameAreAFailure) {
  const ProgramRun run("two_files", "same name");
  EXPECT_NE(run.exit_code(), 0);
  EXPECT_THAT(
      run.report().failures.at("same name"),
      ElementsAre(AllOf(ContainsRegex(PlaceOf("two_files", "MIRAKURU_FIXTURE(SameName,")),
                        ContainsRegex(PlaceOf("two_files_other", "MIRAKURU_FIXTURE(SameName,")),
                        HasSubstr("namespace"))));
}

}  // namespace
}  // namespace mirakuru::tests
