// A check program like pg_isready: exits with 0 if the file --path exists, else with a message
// and 1.
// --hangs: it never ends if the file is missing.
#include "service.hpp"

int main(int argc, char** argv) {
  const service::Arguments arguments(argc, argv);
  const std::string path = arguments.get("--path");
  if (access(path.c_str(), F_OK) == 0) return 0;
  service::Write(STDERR_FILENO, "no file " + path + "\n");
  if (arguments.has("--hangs")) service::WaitForSignals();
  return 1;
}
