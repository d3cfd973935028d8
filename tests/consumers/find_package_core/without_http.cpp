#include <mirakuru/mirakuru.hpp>

int main() {
  mirakuru::SimpleExecutor service("true");
  return service.start().wait().returncode();
}
