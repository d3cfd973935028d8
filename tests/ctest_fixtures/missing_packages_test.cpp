// mirakuru_add_fixture() in a project that brings mirakuru in with add_subdirectory() or
// FetchContent on a machine without the packages that the command needs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <string>

#include "support/run_program.hpp"
#include "support/scratch_project.hpp"

namespace mirakuru::tests {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// What cmake says, with the white space of its line breaks made one.
Finished Configure(const std::string& settings, const std::string& commands) {
  ScratchProject project("C CXX ASM");
  Finished cmake = project.configure(
      settings + "\nadd_subdirectory(\"" MIRAKURU_SOURCE_DIR "\" mirakuru)\n" + commands);
  cmake.text = std::regex_replace(cmake.text, std::regex("\\s+"), " ");
  return cmake;
}

TEST(MissingPackages, AreNamedWhenAFixtureIsAdded) {
  const Finished cmake = Configure("set(CMAKE_DISABLE_FIND_PACKAGE_jsoncpp ON)",
                                   "mirakuru_add_fixture(a COMMAND b)\n");
  EXPECT_NE(cmake.exit_code, 0);
  EXPECT_THAT(cmake.text, AllOf(HasSubstr("mirakuru_add_fixture: the `mirakuru` command"),
                                HasSubstr("libjsoncpp-dev"), HasSubstr("jsoncpp-devel"),
                                Not(HasSubstr("libboost"))));
}

TEST(MissingPackages, AreNamedWhenFixturesAreUsed) {
  const Finished cmake =
      Configure("set(CMAKE_DISABLE_FIND_PACKAGE_Boost ON)", "mirakuru_use_fixtures(a b)\n");
  EXPECT_NE(cmake.exit_code, 0);
  EXPECT_THAT(cmake.text, AllOf(HasSubstr("mirakuru_use_fixtures: the `mirakuru` command"),
                                HasSubstr("libboost1.81-dev"), HasSubstr("boost-devel"),
                                Not(HasSubstr("jsoncpp"))));
}

TEST(MissingPackages, AreNoErrorWithoutFixtures) {
  const Finished cmake = Configure("set(CMAKE_DISABLE_FIND_PACKAGE_jsoncpp ON)", "");
  EXPECT_EQ(cmake.exit_code, 0) << cmake.text;
}

TEST(MissingPackages, AreAnErrorIfTheCommandIsDemanded) {
  const Finished cmake =
      Configure("set(CMAKE_DISABLE_FIND_PACKAGE_jsoncpp ON)\nset(MIRAKURU_COMMAND ON)", "");
  EXPECT_NE(cmake.exit_code, 0);
  EXPECT_THAT(cmake.text, HasSubstr("MIRAKURU_COMMAND: jsoncpp was not found"));
}

TEST(MissingPackages, AreNotBlamedIfTheCommandIsSwitchedOff) {
  const Finished cmake =
      Configure("set(MIRAKURU_COMMAND OFF)", "mirakuru_add_fixture(a COMMAND b)\n");
  EXPECT_NE(cmake.exit_code, 0);
  EXPECT_THAT(cmake.text, HasSubstr("MIRAKURU_COMMAND is off"));
}

TEST(MissingPackages, DoNotIncludeTheSharedLibraryOfRe2) {
  const Finished cmake = Configure("set(MIRAKURU_RE2_LIBRARY OFF CACHE STRING \"\")", "");
  EXPECT_EQ(cmake.exit_code, 0) << cmake.text;
}

// The control: with all packages, the same project is fine.
TEST(MissingPackages, AreNotMissingOtherwise) {
  const Finished cmake = Configure("", "mirakuru_add_fixture(a COMMAND b)\n");
  EXPECT_EQ(cmake.exit_code, 0) << cmake.text;
}

}  // namespace
}  // namespace mirakuru::tests
