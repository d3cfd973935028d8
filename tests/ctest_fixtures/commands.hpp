// The commands of CMake that projects under test are made of.
#ifndef MIRAKURU_TESTS_CTEST_FIXTURES_COMMANDS_HPP_
#define MIRAKURU_TESTS_CTEST_FIXTURES_COMMANDS_HPP_

#include <string>

#include "support/leftovers.hpp"
#include "support/scratch_project.hpp"
#include "support/service.hpp"
#include "support/wait_until.hpp"

namespace mirakuru::tests {

// The command and the functions, as find_package(mirakuru) brings them in.
inline const std::string kMirakuru =
    "add_executable(mirakuru::command IMPORTED)\n"
    "set_target_properties(mirakuru::command PROPERTIES IMPORTED_LOCATION \"" MIRAKURU_COMMAND
    "\")\n"
    "include(\"" MIRAKURU_CTEST_MODULE "\")\n";

// A program of programs/, as a target.
inline std::string AddProgram(const std::string& name) {
  return "add_executable(" + name + " IMPORTED)\nset_target_properties(" + name +
         " PROPERTIES IMPORTED_LOCATION \"" MIRAKURU_CTEST_PROGRAMS_DIR "/" + name + "\")\n";
}

// A fixture that leaves "start NAME PID" and "stop NAME PID" in the trace: does_as_told, with these
// arguments of its own.
inline std::string AddObedient(const std::string& name, const std::string& arguments = "",
                               const std::string& options = "READY OUTPUT ready") {
  return "mirakuru_add_fixture(" + name + " COMMAND " + Service("does_as_told") +
         " --name=" + name + " --trace=$ENV{TRACE} " + arguments + " " + options + ")\n";
}

// A test that runs a shell script with the variables of the fixture.
inline std::string AddScript(const std::string& name, const std::string& fixture,
                             const std::string& script = "true") {
  return "add_test(NAME " + name + " COMMAND mirakuru::command exec " + fixture + " -- sh -c [==[" +
         script + "]==])\nmirakuru_use_fixtures(" + name + " " + fixture + ")\n";
}

// A test that leaves the pid of the fixture in the project's file "pid", and goes on when there is
// a file "go".
inline std::string AddBlocked(const std::string& fixture, const std::string& pid_variable) {
  return AddScript("blocked", fixture,
                   "echo $" + pid_variable +
                       " >$DIRECTORY/pid.new; mv $DIRECTORY/pid.new $DIRECTORY/pid; " + "exec " +
                       Service("exits_with") + " --after-file=$DIRECTORY/go");
}

// ctest in the midst of such a test.
class BlockedCtest {
 public:
  explicit BlockedCtest(ScratchProject& project)
      : project_(project), ctest_(project.start_ctest()) {
    WaitUntil([this] { return pid() != 0; });
  }
  ~BlockedCtest() {
    go_on();
    ctest_.reset();
    Mark(project_.path()).gone_within(std::chrono::seconds(20));
  }
  BlockedCtest(const BlockedCtest&) = delete;
  BlockedCtest& operator=(const BlockedCtest&) = delete;

  int pid() const { return std::atoi(project_.read("pid").c_str()); }
  void go_on() { project_.write("go", ""); }
  ChildProgram& ctest() { return *ctest_; }

 private:
  ScratchProject& project_;
  std::unique_ptr<ChildProgram> ctest_;
};

}  // namespace mirakuru::tests

#endif  // MIRAKURU_TESTS_CTEST_FIXTURES_COMMANDS_HPP_
