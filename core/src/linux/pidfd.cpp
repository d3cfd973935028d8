#include "linux/pidfd.hpp"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "absl/strings/str_cat.h"
#include "base/write_without_signal.hpp"

namespace mirakuru::detail::os {
namespace {

constexpr unsigned kExecutable = 0x10;  // MFD_EXEC, Linux 6.3

}  // namespace

UniqueFd open_pidfd(pid_t pid) {
  return UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
}

UniqueFd program_in_memory(std::string_view program) {
  UniqueFd file(::memfd_create("mirakuru-supervisor", MFD_CLOEXEC | kExecutable));
  if (!file && errno == EINVAL) file.reset(::memfd_create("mirakuru-supervisor", MFD_CLOEXEC));
  if (file && !write_all(file.get(), program)) return {};
  if (file && ::access(path_of(file).c_str(), X_OK) != 0) return {};
  return file;
}

// Not /proc/self: the process that executes it has closed its own descriptors by then.
std::string path_of(const UniqueFd& fd) {
  return absl::StrCat("/proc/", ::getpid(), "/fd/", fd.get());
}

}  // namespace mirakuru::detail::os
