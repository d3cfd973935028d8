// Runs the shell script --script as a service called --name, waits for its end, and prints "log
// <path of its stdout's log>". --end=abruptly: exits without any cleanup.
#include <unistd.h>

#include <exception>
#include <iostream>
#include <string>

#include "mirakuru/mirakuru.hpp"
#include "programs/arguments.hpp"

int main(int argc, char** argv) {
  try {
    mirakuru::SimpleExecutor service(
        mirakuru::Command::shell(Argument(argc, argv, "--script", "echo hello")),
        {.name = Argument(argc, argv, "--name", "service")});
    service.start();
    service.wait();
    std::cout << "log " << service.output().path() << " end" << std::endl;
    if (Argument(argc, argv, "--end") == "abruptly") _exit(0);
  } catch (const std::exception& error) {
    std::cout << "failed: " << error.what() << std::endl;
    return 1;
  }
}
