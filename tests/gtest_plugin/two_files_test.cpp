// A program of two files (programs/two_files.cpp, programs/two_files_other.cpp).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "run.hpp"

namespace mirakuru::tests {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(TwoFilesTest, AServiceInAHeaderIsOneService) {
  const ProgramRun run("two_files", "*UsesTheSharedService");
  EXPECT_EQ(run.exit_code(), 0) << run.text();
  EXPECT_THAT(run.trace(), ElementsAre("start Shared", "stop Shared"));
}

TEST(TwoFilesTest, TheSameNameInTwoNamespacesIsTwoServices) {
  const ProgramRun run("two_files", "OwnNamespace.*:OtherNamespace.*");
  EXPECT_EQ(run.exit_code(), 0) << run.text();
  EXPECT_THAT(run.pids_of("start One"), testing::SizeIs(1));
  EXPECT_THAT(run.pids_of("start Other"), testing::SizeIs(1));
}

// The linker silently keeps one of them.
TEST(TwoFilesTest, TwoServicesOfOneNameAreAFailure) {
  const ProgramRun run("two_files", "SameName.*");
  EXPECT_EQ(run.exit_code(), 1);
  EXPECT_THAT(
      run.report().failures.at("SameName.First"),
      ElementsAre(AllOf(ContainsRegex(PlaceOf("two_files", "MIRAKURU_FIXTURE(SameName,")),
                        ContainsRegex(PlaceOf("two_files_other", "MIRAKURU_FIXTURE(SameName,")),
                        HasSubstr("namespace"))));
}

}  // namespace
}  // namespace mirakuru::tests
