// The same for the library in the test program: the linker has its calls go here.
//
//   own_pid  a forked copy of the test program takes itself for the program
#include <unistd.h>

#include <cstdlib>
#include <cstring>

extern "C" pid_t __real_getpid();

namespace {

const char* const missing = std::getenv("WITHOUT");
const pid_t first_pid = __real_getpid();

}  // namespace

extern "C" pid_t __wrap_getpid() {
  const bool is_without = missing != nullptr && std::strcmp(missing, "own_pid") == 0;
  return is_without ? first_pid : __real_getpid();
}
