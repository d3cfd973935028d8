// Without a test framework.
#include <iostream>
#include <mirakuru/mirakuru.hpp>

#include "http_client.hpp"

int main() {
  // [readme:any-program]
  mirakuru::HTTPExecutor server({HTTP_SERVER, "--port", "{port}"},
                                "http://127.0.0.1:{port}/health");
  try {
    server.start();  // returns when it is ready
    std::cout << http_get(server.url()).body;
    server.stop();  // the destructor does this, too, but without exceptions
  } catch (const mirakuru::ExecutorError& error) {
    std::cerr << error << '\n';
    return 1;
  }
  // [readme:end]
  return 0;
}
