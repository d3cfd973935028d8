// Fixtures of tests that gtest_discover_tests() and catch_discover_tests() find.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "commands.hpp"
#include "support/run_program.hpp"
#include "support/text.hpp"

namespace mirakuru::tests {
namespace {

using testing::HasSubstr;

std::string DiscoverGoogleTests(const std::string& filter) {
  return "include(GoogleTest)\n" + AddProgram("googletest_tests") +
         "gtest_discover_tests(googletest_tests DISCOVERY_MODE PRE_TEST TEST_FILTER \"" + filter +
         "\")\n";
}

TEST(CtestDiscovery, GivesAFixtureToAllGoogleTests) {
  ScratchProject project;
  const Finished ctest = project.run_ctest(kMirakuru + AddObedient("worker") +
                                           DiscoverGoogleTests("Worker.Runs:Worker.RunsStill") +
                                           "mirakuru_use_fixtures(googletest_tests worker)\n");
  EXPECT_EQ(ctest.exit_code, 0) << ctest.text;
  EXPECT_THAT(ctest.text, HasSubstr("out of 4\n"));
  EXPECT_EQ(Count(project.trace(), "start worker"), 1);
}

// Each of the tests is to bring both.
TEST(CtestDiscovery, GivesTwoFixturesToAllGoogleTests) {
  ScratchProject project;
  project.build(kMirakuru + AddObedient("worker") + AddObedient("other") +
                DiscoverGoogleTests("Worker.Runs*") +
                "mirakuru_use_fixtures(googletest_tests worker other)\n");
  for (const char* test : {"Worker.Runs$", "Worker.RunsStill", "Worker.RunsBesideAnother"}) {
    const Finished ctest = project.ctest({"-R", test});
    EXPECT_EQ(ctest.exit_code, 0) << ctest.text;
    EXPECT_THAT(ctest.text, HasSubstr("out of 5\n"));
  }
  EXPECT_EQ(Count(project.trace(), "start other"), 3);
}

TEST(CtestDiscovery, AddsAFixtureToThoseBefore) {
  ScratchProject project;
  const Finished ctest =
      project.run_ctest(kMirakuru + AddObedient("worker") + AddObedient("other") +
                        DiscoverGoogleTests("Worker.RunsBesideAnother") +
                        "mirakuru_use_fixtures(googletest_tests worker)\n"
                        "mirakuru_use_fixtures(googletest_tests other)\n");
  EXPECT_EQ(ctest.exit_code, 0) << ctest.text;
  EXPECT_THAT(ctest.text, HasSubstr("out of 5\n"));
}

#ifdef MIRAKURU_CATCH2_DIR
// The program is called through another one: catch_discover_tests() wants one that is built.
TEST(CtestDiscovery, GivesTwoFixturesToAllCatch2Tests) {
  ScratchProject project{"C"};
  project.write(
      "main.c",
      "#include <unistd.h>\nint main(int c, char** v) { return execv(\"" MIRAKURU_CTEST_PROGRAMS_DIR
      "/catch2_tests\", v); }\n");
  project.build(kMirakuru + AddObedient("worker") + AddObedient("other") +
                "list(APPEND CMAKE_MODULE_PATH " MIRAKURU_CATCH2_DIR
                ")\n"
                "include(Catch)\n"
                "add_executable(tests main.c)\n"
                "catch_discover_tests(tests TEST_SPEC \"worker runs*\")\n"
                "mirakuru_use_fixtures(tests worker other)\n");
  for (const char* test : {"worker runs$", "worker runs, still", "worker runs beside another"}) {
    const Finished ctest = project.ctest({"-R", test});
    EXPECT_EQ(ctest.exit_code, 0) << ctest.text;
    EXPECT_THAT(ctest.text, HasSubstr("out of 5\n"));
  }
  EXPECT_EQ(Count(project.trace(), "start other"), 3);
}
#endif

}  // namespace
}  // namespace mirakuru::tests
