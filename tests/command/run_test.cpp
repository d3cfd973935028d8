// mirakuru run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/run_program.hpp"
#include "support/service.hpp"

namespace mirakuru::tests {
namespace {

using testing::HasSubstr;

Finished RunMirakuru(std::vector<std::string> words, const Variables& variables = {}) {
  words.insert(words.begin(), MIRAKURU_COMMAND);
  return RunToTheEnd(std::move(words), variables);
}

TEST(RunCommand, ExitsAsTheTestsDo) {
  const Finished run = RunMirakuru({"run", "--name", "worker", "--ready", "output:ready", "--",
                                    Service("does_as_told"), "::", "sh", "-c", "exit 7"});
  EXPECT_EQ(run.exit_code, 7) << run.text;
  EXPECT_THAT(run.text, HasSubstr("worker: ready\n"));
}

}  // namespace
}  // namespace mirakuru::tests
