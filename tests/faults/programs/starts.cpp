// Runs the program that its arguments name as a service, and prints what that printed.
#include <chrono>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "mirakuru/mirakuru.hpp"

int main(int argc, char** argv) {
  try {
    mirakuru::SimpleExecutor service(std::vector<std::string>(argv + 1, argv + argc));
    service.start().wait(std::chrono::seconds(10));
    std::cout << service.output().text() << service.err_output().text() << std::flush;
  } catch (const std::exception& error) {
    std::cout << error.what() << std::endl;
    return 1;
  }
}
