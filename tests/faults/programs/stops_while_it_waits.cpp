// A test program that waits up to --timeout-ms for a service, which becomes ready once --file
// exists, with the check that --for names. After the first check it sends itself SIGSTOP. Prints
// "ready", or why not.
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <exception>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "mirakuru/mirakuru.hpp"
#include "programs/arguments.hpp"
#include "support/service.hpp"

namespace {

using mirakuru::Check;
using mirakuru::tests::Service;

struct Way {
  std::vector<std::string> service;
  Check check;
};

Way WayOf(const std::string& what, const std::string& file) {
  const std::string when = "--after-file=" + file;
  const std::map<std::string, Way> ways{
      {"output", {{"prints_banner", when}, mirakuru::OutputCheck{.banner = "ready"}}},
      {"tcp", {{"listens_on_port", "--port={port}", when}, mirakuru::TcpCheck{"127.0.0.1:{port}"}}},
      {"http",
       {{"http_server", "--port={port}", when},
        mirakuru::HttpCheck{.url = "http://127.0.0.1:{port}/"}}},
      {"unix_socket",
       {{"unix_socket_listener", "--path={tmpdir}/s", when},
        mirakuru::UnixSocketCheck{"{tmpdir}/s"}}},
      {"notify", {{"notifies_ready", when}, mirakuru::NotifyCheck{}}},
      {"file", {{"ignores_sigterm"}, mirakuru::FileCheck{file}}},
      {"command",
       {{"ignores_sigterm"},
        mirakuru::CommandCheck{{Service("succeeds_when_file_exists"), "--path=" + file}}}},
      {"callable",
       {{"ignores_sigterm"}, Check([file] { return access(file.c_str(), F_OK) == 0; })}},
  };
  return ways.at(what);
}

class StopsAfterTheFirstLook : public mirakuru::Executor {
 public:
  using Executor::Executor;

 protected:
  bool after_start_check() override {
    const bool ready = Executor::after_start_check();
    if (!looked_) std::raise(SIGSTOP);
    looked_ = true;
    return ready;
  }

 private:
  bool looked_ = false;
};

}  // namespace

int main(int argc, char** argv) {
  Way way = WayOf(Argument(argc, argv, "--for"), Argument(argc, argv, "--file"));
  way.service[0] = Service(way.service[0]);
  const std::chrono::milliseconds timeout(std::stoi(Argument(argc, argv, "--timeout-ms")));
  StopsAfterTheFirstLook executor(way.service, way.check, {.start_timeout = timeout});
  try {
    executor.start();
    std::cout << "ready" << std::endl;
  } catch (const std::exception& error) {
    std::cout << error.what() << std::endl;
  }
  executor.kill();
}
