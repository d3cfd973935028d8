// Fixtures that tests of any language share.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "support/run_program.hpp"
#include "support/scratch_project.hpp"
#include "support/service.hpp"

namespace mirakuru::tests {
namespace {

using testing::ContainsRegex;

// The command and the functions, as find_package(mirakuru) brings them in.
const std::string kMirakuru =
    "add_executable(mirakuru::command IMPORTED)\n"
    "set_target_properties(mirakuru::command PROPERTIES IMPORTED_LOCATION \"" MIRAKURU_COMMAND
    "\")\n"
    "include(\"" MIRAKURU_CTEST_MODULE "\")\n";

TEST(CtestFixture, ServesATest) {
  ScratchProject project;
  const Finished ctest = project.run_ctest(
      kMirakuru + "mirakuru_add_fixture(worker COMMAND " + Service("does_as_told") +
      " --name=worker --trace=$ENV{TRACE} READY OUTPUT ready)\n"
      "add_test(NAME uses_it COMMAND mirakuru::command exec worker -- sh -c \"kill -0 "
      "$WORKER_PID\")\n"
      "mirakuru_use_fixtures(uses_it worker)\n");
  EXPECT_EQ(ctest.exit_code, 0) << ctest.text;
  EXPECT_THAT(project.trace(), ContainsRegex("start worker [0-9]+\nstop worker [0-9]+\n"));
}

}  // namespace
}  // namespace mirakuru::tests
