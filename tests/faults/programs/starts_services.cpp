// A test program in the hands of mirakuru's own tests.
//
//   starts_services [--count=N] [--way=WAY] ... -- COMMAND [:: COMMAND]...
//
// Starts N (1) services, by turns one of each command, which say "ready"; then says "ready" itself,
// with the pids of their main processes, and ends in that way.
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "mirakuru/mirakuru.hpp"
#include "programs/arguments.hpp"

namespace {

std::vector<std::vector<std::string>> Commands(int argc, char** argv) {
  std::vector<std::vector<std::string>> commands;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (commands.empty() ? word == "--" : word == "::") {
      commands.emplace_back();
    } else if (!commands.empty()) {
      commands.back().push_back(word);
    }
  }
  return commands;
}

void EndBy(const std::string& way) {
  if (way == "exit") std::exit(3);
  if (way == "_exit") _exit(3);
  if (way == "quick_exit") std::quick_exit(3);
  if (way == "abort") std::abort();
  if (way == "exception") throw std::runtime_error("nobody catches this");
  if (way == "segfault") std::raise(SIGSEGV);
  if (way == "exec") execlp("sleep", "sleep", "60", nullptr);
  if (way == "waits") {
    while (true) pause();
  }
}

}  // namespace

int main(int argc, char** argv) {
  const rlimit no_core_file{0, 0};
  setrlimit(RLIMIT_CORE, &no_core_file);
  const auto commands = Commands(argc, argv);
  const int count = std::stoi(Argument(argc, argv, "--count", "1"));
  // Nobody destroys them: only the end of this program ends the services.
  static auto& services = *new std::vector<std::unique_ptr<mirakuru::OutputExecutor>>;
  for (int i = 0; i < count; ++i) {
    const auto& command = commands[static_cast<std::size_t>(i) % commands.size()];
    services.push_back(std::make_unique<mirakuru::OutputExecutor>(command, "ready"));
    services.back()->start();
  }
  std::cout << "ready";
  for (const auto& service : services) std::cout << " " << service->pid();
  std::cout << " end" << std::endl;
  EndBy(Argument(argc, argv, "--way", "return"));
  return 3;
}
