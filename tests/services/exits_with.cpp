// Ends with --code, when told, after it printed --out and --err.
#include "service.hpp"

int main(int argc, char** argv) {
  const service::Arguments arguments(argc, argv);
  service::WaitUntilTold(arguments);
  if (arguments.Has("--out")) service::Print(arguments.Get("--out") + "\n");
  if (arguments.Has("--err")) service::Write(STDERR_FILENO, arguments.Get("--err") + "\n");
  service::SayWhen(arguments, STDOUT_FILENO);
  _exit(static_cast<int>(arguments.Number("--code")));
}
