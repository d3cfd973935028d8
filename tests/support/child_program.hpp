// Runs a program without mirakuru, to test how mirakuru affects the program that uses it.
#ifndef MIRAKURU_TESTS_SUPPORT_CHILD_PROGRAM_HPP_
#define MIRAKURU_TESTS_SUPPORT_CHILD_PROGRAM_HPP_

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <stdexcept>
#include <string>
#include <vector>

namespace mirakuru::tests {

// Its stdout and stderr share one pipe.
class ChildProgram {
 public:
  explicit ChildProgram(std::vector<std::string> words) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    output_ = ends[0];
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const int error =
        posix_spawnp(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (error != 0) throw std::runtime_error("cannot run " + words[0]);
  }
  ~ChildProgram() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
    }
    close(output_);
  }
  ChildProgram(const ChildProgram&) = delete;
  ChildProgram& operator=(const ChildProgram&) = delete;

  int pid() const { return pid_; }
  const std::string& text() const { return text_; }

  // Reads until the text is there; false if the output ends, or 20 s pass, without it.
  bool wait_for_text(const std::string& wanted) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (text_.find(wanted) == std::string::npos) {
      if (!read_more(deadline)) return false;
    }
    return true;
  }

  // Reads all of the output, and returns the wait status. Waits as long as any process holds the
  // output open, which some tests rely on.
  int wait_for_end() {
    // Less than ctest gives a test, and enough to configure this project on a busy machine.
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(50);
    while (read_more(deadline)) {
    }
    if (std::chrono::steady_clock::now() >= deadline) ::kill(pid_, SIGKILL);
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = 0;
    return status;
  }

  // Does nothing after wait_for_end().
  void kill() const {
    if (pid_ > 0) ::kill(pid_, SIGKILL);
  }

 private:
  bool read_more(std::chrono::steady_clock::time_point deadline) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    pollfd readable{output_, POLLIN, 0};
    if (left.count() <= 0 || poll(&readable, 1, static_cast<int>(left.count())) <= 0) return false;
    char buffer[4096];
    const ssize_t size = read(output_, buffer, sizeof buffer);
    if (size <= 0) return false;
    text_.append(buffer, static_cast<std::size_t>(size));
    return true;
  }

  pid_t pid_ = 0;
  int output_ = -1;
  std::string text_;
};

}  // namespace mirakuru::tests

#endif  // MIRAKURU_TESTS_SUPPORT_CHILD_PROGRAM_HPP_
