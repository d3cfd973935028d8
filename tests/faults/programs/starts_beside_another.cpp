// A test program: starts one service, and besides it the command after "--", which must print
// "ready". Prints "ready", or why its start failed; whether the first one still runs; and whether a
// later start works.
//
//   --other-ends=yes                 first waits for the end of the first one
//   --arguments=COUNT --bytes=SIZE   the command gets that many arguments of that size
#include <cerrno>
#include <chrono>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "mirakuru/mirakuru.hpp"
#include "programs/arguments.hpp"

namespace {

using namespace std::chrono_literals;

std::vector<std::string> CommandOf(int argc, char** argv) {
  std::vector<std::string> command;
  int i = 1;
  while (i < argc && std::string(argv[i]) != "--") ++i;
  for (++i; i < argc; ++i) command.emplace_back(argv[i]);
  const std::size_t count = std::stoul(Argument(argc, argv, "--arguments", "0"));
  command.insert(command.end(), count,
                 std::string(std::stoul(Argument(argc, argv, "--bytes", "0")), 'x'));
  return command;
}

void WaitForEnd(mirakuru::SimpleExecutor& service) {
  try {
    service.wait(10s);
  } catch (const mirakuru::ExecutorError&) {
    // It was lost.
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string mark = "--mark=" + Argument(argc, argv, "--mark");
  const std::vector<std::string> sleeps{"sh", "-c", "exec sleep 60", mark};
  mirakuru::SimpleExecutor other(sleeps);
  other.start();
  try {
    mirakuru::OutputExecutor service(CommandOf(argc, argv), "ready");
    service.start();
    std::cout << "ready" << std::endl;
  } catch (const mirakuru::StartError& error) {
    std::cout << error.summary() << std::endl;
    if (error.code() == std::errc::argument_list_too_long) std::cout << "code: E2BIG" << std::endl;
  } catch (const std::exception& error) {
    std::cout << error.what() << std::endl;
  }
  try {
    if (Argument(argc, argv, "--other-ends") == "yes") WaitForEnd(other);
    mirakuru::SimpleExecutor later(sleeps);
    later.start();
    std::cout << (other.running() ? "the other one runs" : "the other one is gone") << std::endl;
    std::cout << "a later start works" << std::endl;
  } catch (const std::exception& error) {
    std::cout << error.what() << std::endl;
  }
}
