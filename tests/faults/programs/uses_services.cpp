// A test program: starts services of every kind, uses and stops them. Prints "all is well" at the
// end, or else, twice, what went wrong: it tries again, since a failed start must not leave
// anything that makes the next one fail.
//
//   --more=NUMBER    that many additional services
//   --program=NAME   and that program
#include <csignal>
#include <exception>
#include <iostream>
#include <list>
#include <stdexcept>
#include <string>

#include "mirakuru/mirakuru.hpp"
#include "programs/arguments.hpp"
#include "support/service.hpp"

namespace {

using mirakuru::tests::Service;
using namespace std::chrono_literals;

void Expect(bool is_true, const std::string& what) {
  if (!is_true) throw std::runtime_error("not so: " + what);
}

void UseServices(const std::string& mark, int more, const std::string& program) {
  const std::string port = "--port={port}";
  mirakuru::OutputExecutor output({Service("prints_banner"), mark}, "ready to accept");
  mirakuru::TCPExecutor tcp({Service("listens_on_port"), port, mark}, "127.0.0.1:{port}");
  mirakuru::HTTPExecutor http({Service("http_server"), port, mark}, "http://127.0.0.1:{port}/");
  mirakuru::UnixSocketExecutor local({Service("unix_socket_listener"), "--path={tmpdir}/s", mark},
                                     "{tmpdir}/s");
  mirakuru::Executor notified({Service("notifies_ready"), mark}, mirakuru::NotifyCheck{});
  mirakuru::PidExecutor daemon(
      {Service("daemonizes_and_forgets_its_environment"), "--pid-file={tmpdir}/pid", mark},
      "{tmpdir}/pid");
  output.start();
  mirakuru::start_together({&tcp, &http, &local, &notified, &daemon});
  Expect(output.running() && tcp.running() && daemon.running(), "they run");

  std::list<mirakuru::SimpleExecutor> others;
  for (int i = 0; i < more; ++i) {
    others.emplace_back(mirakuru::Command({Service("prints_banner"), mark}));
    others.back().start();
  }
  if (!program.empty()) mirakuru::SimpleExecutor(program).start().wait(10s);

  for (mirakuru::SimpleExecutor* service :
       std::initializer_list<mirakuru::SimpleExecutor*>{&output, &tcp, &http, &local, &notified}) {
    service->stop();
    Expect(service->exit_status()->signal() == SIGTERM, service->name() + " ends when asked to");
  }
  daemon.stop();

  mirakuru::SimpleExecutor task({Service("exits_with"), "--code=7", "--out=done"});
  Expect(task.start().wait(10s).code() == 7, "the status is its own");
  Expect(task.output().text() == "done\n", "and so is what it printed");
}

}  // namespace

int main(int argc, char** argv) {
  for (int attempt = 0; attempt < 2; ++attempt) {
    try {
      UseServices("--mark=" + Argument(argc, argv, "--mark"),
                  std::stoi(Argument(argc, argv, "--more", "0")),
                  Argument(argc, argv, "--program"));
      std::cout << "all is well" << std::endl;
      return 0;
    } catch (const std::exception& error) {
      std::cout << error.what() << std::endl;
    }
  }
  return 1;
}
