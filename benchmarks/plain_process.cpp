#include "plain_process.hpp"

#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace benchmarks {
namespace {

std::int64_t in_ns(const timeval& time) {
  return (std::int64_t{time.tv_sec} * 1000000 + time.tv_usec) * 1000;
}

}  // namespace

PlainProcess::PlainProcess(std::vector<std::string> words, int standard_output)
    : program_(words[0]) {
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (standard_output >= 0) {
    posix_spawn_file_actions_adddup2(&actions, standard_output, STDOUT_FILENO);
  }
  const int error = posix_spawnp(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::runtime_error("cannot run " + program_);
}

PlainProcess::~PlainProcess() {
  if (pid_ == 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

void PlainProcess::terminate() {
  kill(pid_, SIGTERM);
  waitpid(pid_, nullptr, 0);
  pid_ = 0;
}

std::int64_t PlainProcess::wait() {
  int status = 0;
  rusage usage{};
  wait4(pid_, &status, 0, &usage);
  pid_ = 0;
  if (status != 0) throw ProgramFailed(program_ + " failed");
  return in_ns(usage.ru_utime) + in_ns(usage.ru_stime);
}

}  // namespace benchmarks
