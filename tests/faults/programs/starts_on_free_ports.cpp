// A test program that starts --count services, each on a free port. Prints "port N" for each of
// them, and "collision N" if it could not be started on that port, or "falsely ready N" if it was
// reported ready but was not.
//
//   "chosen"    it has its ports, and waits for the file --start
//   "started"   it has its services, and waits for the file --stop
//
//   --by=asking   asks the system for free ports and releases them, instead of having mirakuru
//                 reserve them
#include <unistd.h>

#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "mirakuru/mirakuru.hpp"
#include "programs/arguments.hpp"
#include "support/service.hpp"
#include "support/sockets.hpp"
#include "support/wait_until.hpp"

namespace {

using mirakuru::TCPExecutor;
using mirakuru::tests::Service;
using namespace std::chrono_literals;

std::unique_ptr<TCPExecutor> ServiceOn(const std::string& port) {
  return std::make_unique<TCPExecutor>(
      mirakuru::Command({Service("listens_on_port"), "--say-when", "--port=" + port}),
      "127.0.0.1:" + port, mirakuru::Options{.start_timeout = 60s, .start_attempts = 1});
}

std::string FreeForNow() { return std::to_string(mirakuru::tests::Listener().port()); }

// The service prints a line when it listens.
bool Listens(TCPExecutor& service) {
  try {
    service.output().wait_for("^at ");
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

void Start(TCPExecutor& service) {
  const std::string port = std::to_string(service.port());
  try {
    service.start();
    if (!Listens(service)) std::cout << "falsely ready " + port + "\n";
  } catch (const std::exception& error) {
    std::cout << "collision " + port + "\n" << error.what() << "\n";
  }
}

void WaitForFile(const std::string& path) {
  mirakuru::tests::WaitUntil([&] { return access(path.c_str(), F_OK) == 0; }, 200s);
}

}  // namespace

int main(int argc, char** argv) {
  const bool asks = Argument(argc, argv, "--by") == "asking";
  const int count = std::stoi(Argument(argc, argv, "--count"));
  std::vector<std::unique_ptr<TCPExecutor>> services;
  for (int i = 0; i < count; ++i) {
    services.push_back(ServiceOn(asks ? FreeForNow() : "{port}"));
    std::cout << "port " << services.back()->port() << "\n";
  }
  std::cout << "chosen" << std::endl;
  WaitForFile(Argument(argc, argv, "--start"));
  for (const auto& service : services) Start(*service);
  std::cout << "started" << std::endl;
  WaitForFile(Argument(argc, argv, "--stop"));
  for (const auto& service : services) service->kill();
}
