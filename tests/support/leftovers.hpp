// Finds processes that a test left behind.
//
//   const Mark mark;
//   { SimpleExecutor service({Service("ignores_sigterm"), mark.argument()}); ... }
//   EXPECT_THAT(mark.processes(), IsEmpty());
//
// The mark is an argument, which a process cannot easily lose: it remains when the process forks,
// or changes its session, its parent or its environment.
#ifndef MIRAKURU_TESTS_SUPPORT_LEFTOVERS_HPP_
#define MIRAKURU_TESTS_SUPPORT_LEFTOVERS_HPP_

#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "support/temp_dir.hpp"
#include "support/wait_until.hpp"

namespace mirakuru::tests {

// The fields of /proc/PID/stat after the program's name (which may contain spaces and brackets):
// state, parent, group, session, ...
inline std::string StatOf(int pid) {
  const std::string stat = ReadFile("/proc/" + std::to_string(pid) + "/stat");
  const std::size_t end_of_name = stat.rfind(')');
  return end_of_name == std::string::npos ? "" : stat.substr(end_of_name + 2);
}

// 'R', 'S', 'T', ...; 0 if there is no such process.
inline char StateOf(int pid) {
  const std::string stat = StatOf(pid);
  return stat.empty() ? '\0' : stat[0];
}

inline int ParentOf(int pid) {
  const std::string stat = StatOf(pid);
  return stat.empty() ? 0 : std::atoi(stat.c_str() + 2);
}

// A zombie counts as ended.
inline bool Lives(int pid) {
  const char state = StateOf(pid);
  return state != '\0' && state != 'Z' && state != 'X';
}

class Mark {
 public:
  Mark() {
    static int count = 0;
    const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
    text_ = "mark-" + std::to_string(getpid()) + "-" + std::to_string(++count) + "-" +
            std::to_string(now);
  }
  // The mark of a program that was started with it.
  explicit Mark(std::string text) : text_(std::move(text)) {}

  const std::string& text() const { return text_; }
  std::string argument() const { return "--mark=" + text_; }

  // The running processes with this mark.
  std::vector<int> processes() const {
    std::vector<int> pids;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator("/proc", error)) {
      const int pid = std::atoi(entry.path().filename().c_str());
      if (pid == 0 || pid == getpid()) continue;
      if (is_on(pid) && Lives(pid)) pids.push_back(pid);
    }
    return pids;
  }

  bool is_on(int pid) const {
    return ReadFile("/proc/" + std::to_string(pid) + "/cmdline").find(text_) != std::string::npos;
  }

  bool gone_within(std::chrono::milliseconds limit) const {
    return WaitUntil([this] { return processes().empty(); }, limit);
  }

 private:
  std::string text_;
};

}  // namespace mirakuru::tests

#endif  // MIRAKURU_TESTS_SUPPORT_LEFTOVERS_HPP_
