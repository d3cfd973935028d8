// Runs the `mirakuru` command, with a directory for records of the test's own.
#ifndef MIRAKURU_TESTS_COMMAND_RUN_HPP_
#define MIRAKURU_TESTS_COMMAND_RUN_HPP_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "support/child_program.hpp"
#include "support/environment.hpp"
#include "support/leftovers.hpp"
#include "support/run_program.hpp"
#include "support/service.hpp"
#include "support/temp_dir.hpp"
#include "support/wait_until.hpp"

namespace mirakuru::tests {

using Words = std::vector<std::string>;

inline Words operator+(Words left, const Words& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

inline Finished RunMirakuru(const Words& words, const Variables& variables = {}) {
  return RunToTheEnd(Words{MIRAKURU_COMMAND} + words, variables);
}

// Every service bears the test's mark; nothing that does may be left at the end of the test.
class CommandTest : public testing::Test {
 protected:
  void TearDown() override {
    RunMirakuru({"down"});  // what a test that failed has left
    EXPECT_TRUE(mark_.gone_within(std::chrono::seconds(10)));
  }

  std::string path(const std::string& name) const { return directory_ / name; }
  const Mark& mark() const { return mark_; }

  // What it prints to stdout and to stderr, each by itself.
  struct Apart {
    int exit_code;
    std::string out;
    std::string err;
  };
  Apart run_apart(const Words& words, const Variables& variables = {}) const {
    const Finished run = RunToTheEnd(
        Words{"sh", "-c", "exec \"$@\" 2> \"$0\"", path("stderr"), MIRAKURU_COMMAND} + words,
        variables);
    return {run.exit_code, run.text, ReadFile(path("stderr"))};
  }

  // One that says "ready", and leaves its trace in trace().
  Words obedient(const std::string& name, const Words& arguments = {}) const {
    return Words{Service("does_as_told"), "--name=" + name, "--trace=" + path("trace"),
                 mark_.argument()} +
           arguments;
  }
  // The same with the options that a service needs; more of them can stand before.
  Words service(const std::string& name, const Words& arguments = {}) const {
    return Words{"--name", name, "--ready", "output:ready", "--"} + obedient(name, arguments);
  }

  void up(const Words& words) const {
    const Finished up = RunMirakuru(Words{"up"} + words);
    ASSERT_EQ(up.exit_code, 0) << up.text;
  }
  // What `mirakuru print` says; empty if it fails.
  static std::string print(const std::string& name, const std::string& what) {
    const Finished print = RunMirakuru({"print", name, what});
    return print.exit_code != 0 ? "" : print.text.substr(0, print.text.find('\n'));
  }
  static int pid_of(const std::string& name) { return std::atoi(print(name, "pid").c_str()); }
  // The process that owns the services, unless --owner names one.
  int daemon_of(const std::string& name) const {
    const std::string record = ReadFile(path("fixtures/" + name + ".service"));
    const std::size_t owner = record.find("\nowner\t");
    return owner == std::string::npos ? 0 : std::atoi(record.c_str() + owner + 7);
  }

  // "start worker", "stop worker", ... in order.
  std::vector<std::string> trace() const {
    std::vector<std::string> result;
    std::istringstream trace(ReadFile(path("trace")));
    std::string what;
    std::string name;
    for (int pid = 0; trace >> what >> name >> pid;) {
      what += " ";
      what += name;
      result.push_back(what);
    }
    return result;
  }
  bool traces(const std::string& event) const {
    return WaitUntil([&] { return testing::Matches(testing::Contains(event))(trace()); });
  }

  static bool ends(int pid) {
    return WaitUntil([&] { return !Lives(pid); });
  }

 private:
  TempDir directory_;
  Mark mark_;
  ScopedVariable fixtures_{"MIRAKURU_FIXTURES", directory_ / "fixtures"};
};

// Of a process that has ended.
inline int EndedPid() {
  ChildProgram program({"true"});
  const int pid = program.pid();
  program.wait_for_end();
  return pid;
}

}  // namespace mirakuru::tests

#endif  // MIRAKURU_TESTS_COMMAND_RUN_HPP_
