// Also: an error that the library throws is caught by its class, though a shared library hides what
// it does not export.
#include <mirakuru/mirakuru.hpp>

int main() {
  mirakuru::HTTPExecutor service("true", "http://127.0.0.1:{port}/");
  try {
    service.start();
  } catch (const mirakuru::ProcessExitedWithError&) {
    return 0;
  }
  return 1;
}
