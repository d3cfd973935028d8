// Descriptors that refer to a process, or to a program that is not on disk.
#ifndef MIRAKURU_CORE_SRC_LINUX_PIDFD_HPP_
#define MIRAKURU_CORE_SRC_LINUX_PIDFD_HPP_

#include <sys/types.h>

#include <string>
#include <string_view>

#include "base/unique_fd.hpp"

namespace mirakuru::detail::os {

// A descriptor that becomes readable when the process has ended (pidfd_open(2)); empty, with errno,
// if the system does not support it.
UniqueFd open_pidfd(pid_t pid);

// A file in memory that holds `program` and can be executed by its path; empty if the system
// refuses it.
UniqueFd program_in_memory(std::string_view program);
std::string path_of(const UniqueFd& fd);

}  // namespace mirakuru::detail::os

#endif  // MIRAKURU_CORE_SRC_LINUX_PIDFD_HPP_
