// Prints --out and --err, then exits with --code after WaitForGo().
#include "service.hpp"

int main(int argc, char** argv) {
  const service::Arguments arguments(argc, argv);
  service::WaitForGo(arguments);
  if (arguments.has("--out")) service::Print(arguments.get("--out") + "\n");
  if (arguments.has("--err")) service::Write(STDERR_FILENO, arguments.get("--err") + "\n");
  service::SayWhen(arguments, STDOUT_FILENO);
  _exit(static_cast<int>(arguments.number("--code")));
}
