// A test program for mirakuru's own tests.
//
//   starts_services [OPTION]... -- COMMAND [:: COMMAND]...
//
// Prints "begins", and starts services, one of each command in turn, which gets the program's
// --mark. When each of them has printed "ready" (or "ignoring"), prints the same with the pids of
// their main processes, and ends.
//   --count=N         that many services (1)
//   --log-limit=N     bytes of each of their logs
//   --before=WAY      ends in that way after it made their directories, before it starts them
//   --in-thread=yes   the services are started from a thread, which ends
//   --copy=DOES       then it forks a copy of itself, and waits for its end unless that lives on
//   --way=WAY         how it ends; with "stops" it stops the services, and ends with 0
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "mirakuru/mirakuru.hpp"
#include "programs/arguments.hpp"

namespace {

using Service = std::unique_ptr<mirakuru::OutputExecutor>;

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
  for (auto& command : commands) command.push_back("--mark=" + Argument(argc, argv, "--mark"));
  return commands;
}

Service MakeService(const std::vector<std::string>& command,
                    const mirakuru::Options& options = {}) {
  return std::make_unique<mirakuru::OutputExecutor>(command, "ready|ignoring", options);
}

void Start(const std::vector<Service>& services) {
  std::vector<mirakuru::SimpleExecutor*> executors;
  executors.reserve(services.size());
  for (const Service& service : services) executors.push_back(service.get());
  mirakuru::start_together(executors);
}

void Copy(const std::string& does, std::vector<Service>& services,
          const std::vector<std::string>& command) {
  const pid_t copy = fork();
  if (copy != 0) {
    if (does != "lives_on") waitpid(copy, nullptr, 0);
    return;
  }
  try {
    if (does == "stops") services[0]->stop();
    if (does == "kills") services[0]->kill();
    if (does == "destroys") services.clear();
    if (does == "exits") {
      static std::vector<Service> destroyed_at_exit;
      destroyed_at_exit.swap(services);
      std::exit(0);
    }
    if (does == "starts") {
      static const Service own = MakeService(command);
      own->start();
      std::cout << "the copy's runs" << std::endl;
    }
  } catch (const mirakuru::ExecutorError&) {
    // An error is a valid way to refuse.
  }
  while (does == "lives_on") pause();
  _exit(0);
}

void EndBy(const std::string& way) {
  if (way == "exit") std::exit(3);
  if (way == "_exit") _exit(3);
  if (way == "quick_exit") std::quick_exit(3);
  if (way == "abort") std::abort();
  if (way == "exception") throw std::runtime_error("nobody catches this");
  if (way == "segfault") std::raise(SIGSEGV);
  if (way == "exec") execlp("sleep", "sleep", "60", nullptr);
  while (way == "waits") pause();
}

}  // namespace

int main(int argc, char** argv) {
  const rlimit no_core_file{0, 0};
  setrlimit(RLIMIT_CORE, &no_core_file);
  std::cout << "begins" << std::endl;
  const auto commands = Commands(argc, argv);
  mirakuru::Options options;
  const std::string log_limit = Argument(argc, argv, "--log-limit");
  if (!log_limit.empty()) options.std_out = mirakuru::Stream::capture(std::stoull(log_limit));

  // Never destroyed: only the end of this program ends the services.
  static auto& services = *new std::vector<Service>;
  const std::size_t count = std::stoul(Argument(argc, argv, "--count", "1"));
  for (std::size_t i = 0; i < count; ++i) {
    services.push_back(MakeService(commands[i % commands.size()], options));
  }
  const std::string before = Argument(argc, argv, "--before");
  if (!before.empty()) {
    for (const Service& service : services) service->expand("{tmpdir}");
    EndBy(before);
  }
  if (Argument(argc, argv, "--in-thread") == "yes") {
    std::thread(Start, std::cref(services)).join();
  } else {
    Start(services);
  }
  const std::string copy = Argument(argc, argv, "--copy");
  if (!copy.empty()) Copy(copy, services, commands.back());

  std::cout << "ready";
  for (const Service& service : services) std::cout << " " << service->pid();
  std::cout << " end" << std::endl;
  const std::string way = Argument(argc, argv, "--way", "return");
  if (way == "stops") {
    for (const Service& service : services) service->stop();
    return 0;
  }
  EndBy(way);
  return 3;
}
