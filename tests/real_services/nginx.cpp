// nginx, in the foreground and as a daemon (its default).
#include <cstdlib>

#include "clients.hpp"
#include "real_service.hpp"
#include "support/leftovers.hpp"
#include "support/temp_dir.hpp"
#include "support/wait_until.hpp"

namespace mirakuru::tests {
namespace {

// All files are in {tmpdir}: by default they are in system directories.
constexpr char kConfiguration[] = R"(
worker_processes 2;
pid {tmpdir}/nginx.pid;
error_log {tmpdir}/error.log;
events {}
http {
  access_log off;
  client_body_temp_path {tmpdir}/body;
  proxy_temp_path {tmpdir}/proxy;
  fastcgi_temp_path {tmpdir}/fastcgi;
  uwsgi_temp_path {tmpdir}/uwsgi;
  scgi_temp_path {tmpdir}/scgi;
  server {
    listen 127.0.0.1:{port};
    location / { return 200 "hello\n"; }
  }
}
)";

std::unique_ptr<SimpleExecutor> Make(const std::string& mode) {
  auto executor =
      std::make_unique<HTTPExecutor>(Command{FindProgram("nginx"), "-e", "{tmpdir}/error.log", "-c",
                                             "{tmpdir}/nginx.conf", "-g", mode},
                                     "http://127.0.0.1:{port}/");
  WriteFile(executor->expand("{tmpdir}/nginx.conf"), executor->expand(kConfiguration));
  return executor;
}

std::string Ask(const SimpleExecutor& executor) {
  return HttpGet(executor.expand("http://127.0.0.1:{port}/"));
}

}  // namespace

RealService Nginx() {
  const auto make = [] { return Make("daemon off;"); };
  return {"Nginx", {{"nginx", "nginx"}}, make, &Ask, "hello\n"};
}

RealService NginxAsADaemon() {
  const auto make = [] { return Make("daemon on;"); };
  const auto pid = [](const SimpleExecutor& executor) {
    // The daemon answers before its parent process has ended.
    WaitUntil([&] { return !Lives(executor.pid()); });
    return std::atoi(ReadFile(executor.expand("{tmpdir}/nginx.pid")).c_str());
  };
  return {"NginxAsADaemon", {{"nginx", "nginx"}}, make, &Ask, "hello\n", pid};
}

}  // namespace mirakuru::tests
