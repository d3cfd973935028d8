// Python's http.server, which serves the files of a directory.
#include "clients.hpp"
#include "real_service.hpp"
#include "support/temp_dir.hpp"

namespace mirakuru::tests {
namespace {

std::unique_ptr<SimpleExecutor> Make() {
  auto executor =
      std::make_unique<HTTPExecutor>(Command{FindProgram("python3"), "-m", "http.server", "{port}",
                                             "--bind", "127.0.0.1", "--directory", "{tmpdir}"},
                                     "http://127.0.0.1:{port}/");
  WriteFile(executor->expand("{tmpdir}/hello.txt"), "hello\n");
  return executor;
}

std::string Ask(const SimpleExecutor& executor) {
  return HttpGet(executor.expand("http://127.0.0.1:{port}/hello.txt"));
}

}  // namespace

RealService PythonHttpServer() {
  return {"PythonHttpServer", {{"python3", "python3"}}, &Make, &Ask, "hello\n"};
}

}  // namespace mirakuru::tests
