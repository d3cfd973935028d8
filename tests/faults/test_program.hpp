// A test program in a child process, with services, and what is left of them after some event.
//
//   ExpectProtectedBy("owner_pidfd", [](const std::string& without) {
//     TestProgram program(without, {"starts_services", "--way=waits", "--",
//                                   Service("forks_children_in_own_groups")});
//     program.wait_until_ready();
//     program.kill();
//     return program.left();
//   });
//
// See weakened/ for the names of the protections.
#ifndef MIRAKURU_TESTS_FAULTS_TEST_PROGRAM_HPP_
#define MIRAKURU_TESTS_FAULTS_TEST_PROGRAM_HPP_

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <sstream>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "support/child_program.hpp"
#include "support/leftovers.hpp"
#include "support/temp_dir.hpp"
#include "support/wait_until.hpp"

namespace mirakuru::tests {

using Words = std::vector<std::string>;

inline int ShepherdOf(int main_process) { return ParentOf(main_process); }
inline int SupervisorOf(int main_process) { return ParentOf(ShepherdOf(main_process)); }

// The mark identifies all processes that the program starts: services have it in their arguments;
// so have the supervisor and the shepherds, in the path of the directory to delete.
struct Marked {
  const Mark mark;
  const TempDir directory;
};

class TestProgram : private Marked, public ChildProgram {
 public:
  // `words`: a program of programs/ and its arguments.
  TestProgram(const std::string& without, const Words& words)
      : ChildProgram(command_line(mark, mirakuru_dir(), without, words)) {}
  ~TestProgram() {
    kill();
    WaitUntil([this] {
      const std::vector<int> pids = mark.processes();
      for (const int pid : pids) {
        // The pid may have been reused by now: reading /proc takes long next to a process that
        // forks without end.
        const int fd = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
        if (mark.is_on(pid)) syscall(SYS_pidfd_send_signal, fd, SIGKILL, nullptr, 0);
        close(fd);
      }
      return pids.empty();
    });
  }

  // Returns the pids of its services' main processes, in the order of their start.
  std::vector<int> wait_until_ready() {
    EXPECT_TRUE(wait_for_text(" end\n")) << text();
    const std::size_t at = text().find("ready ");
    std::istringstream numbers(at == std::string::npos ? "" : text().substr(at + 6));
    std::vector<int> pids;
    for (int pid = 0; numbers >> pid;) pids.push_back(pid);
    return pids;
  }

  // The running processes of its services.
  std::vector<int> services() const { return processes(Mark(mark.argument()), false); }
  // The same, with the supervisor and the shepherds.
  std::vector<int> all() const { return processes(mark, false); }
  // The running processes of the program and its forks.
  std::vector<int> copies() const { return processes(mark, true); }

  // What is left of them after that time; returns at once if nothing is.
  Words left_services(std::chrono::milliseconds limit = std::chrono::seconds(1)) const {
    return left_of([this] { return services(); }, limit);
  }
  Words left(std::chrono::milliseconds limit = std::chrono::seconds(1)) const {
    return left_of([this] { return all(); }, limit);
  }

  // The directory in which it makes directories for services, and those directories.
  std::string mirakuru_dir() const { return directory / mark.text(); }
  Words directories() const {
    Words names;
    std::error_code is_none;
    for (const auto& entry : std::filesystem::directory_iterator(mirakuru_dir(), is_none)) {
      names.push_back(entry.path().string());
    }
    return names;
  }

 private:
  static Words command_line(const Mark& mark, const std::string& mirakuru_dir,
                            const std::string& without, const Words& words) {
    const std::string program = std::string(MIRAKURU_FAULT_PROGRAMS_DIR) +
                                (without.empty() ? "/whole/" : "/weakened/") + words[0];
    Words line{"env", "MIRAKURU_DIR=" + mirakuru_dir, "WITHOUT=" + without, program,
               mark.argument()};
    line.insert(line.end(), words.begin() + 1, words.end());
    return line;
  }

  static std::string command_of(int pid) {
    std::string command = ReadFile("/proc/" + std::to_string(pid) + "/cmdline");
    std::replace(command.begin(), command.end(), '\0', ' ');
    return command;
  }

  // Those that run the test program, or the others.
  static std::vector<int> processes(const Mark& mark, bool run_the_program) {
    std::vector<int> pids;
    for (const int pid : mark.processes()) {
      const bool runs_it = command_of(pid).rfind(MIRAKURU_FAULT_PROGRAMS_DIR, 0) == 0;
      if (runs_it == run_the_program) pids.push_back(pid);
    }
    return pids;
  }

  template <typename Find>
  static Words left_of(Find find, std::chrono::milliseconds limit) {
    using Clock = std::chrono::steady_clock;
    const auto deadline = Clock::now() + limit;
    std::vector<int> pids = find();
    // A scan of all processes takes a busy machine some milliseconds.
    for (auto pause = std::chrono::milliseconds(1); !pids.empty() && Clock::now() < deadline;
         pause *= 2) {
      std::this_thread::sleep_until(std::min<Clock::time_point>(Clock::now() + pause, deadline));
      pids = find();
    }
    Words left;
    for (const int pid : pids) {
      const std::string command = command_of(pid);  // empty if it has ended since
      if (!command.empty()) left.push_back(std::to_string(pid) + " " + command);
    }
    return left;
  }
};

// `left_by` returns what is left: it must be nothing, and, as the control, something without the
// protection.
template <typename Case>
void ExpectProtectedBy(const std::string& protection, Case left_by) {
  EXPECT_THAT(left_by(""), testing::IsEmpty());
  EXPECT_THAT(left_by(protection), testing::Not(testing::IsEmpty())) << "without " << protection;
}

}  // namespace mirakuru::tests

#endif  // MIRAKURU_TESTS_FAULTS_TEST_PROGRAM_HPP_
