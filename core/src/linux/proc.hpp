// Information about processes from proc(5).
#ifndef MIRAKURU_CORE_SRC_LINUX_PROC_HPP_
#define MIRAKURU_CORE_SRC_LINUX_PROC_HPP_

#include <sys/types.h>

#include <ctime>
#include <optional>
#include <string>
#include <vector>

namespace mirakuru::detail::os {

// Throws std::system_error if the system does not report which processes descend from which, or
// reports it with the pids of another pid namespace: then the processes that a service leaves
// behind could not be ended, and foreign processes could be signalled.
void require_process_tree();
// Throws the error for a /proc of another pid namespace.
[[noreturn]] void fail_as_foreign_proc();
// A process and all its descendants.
std::vector<pid_t> process_tree(pid_t root);

// Alive, and not a zombie.
bool alive(pid_t pid);
// When it began, on the wall clock; 0 if the system does not report it.
std::time_t start_time(pid_t pid);
// "redis-server (pid 4242)".
std::string describe_process(pid_t pid);

// The content of a file in /proc.
std::optional<std::string> read_proc(const std::string& path);
// The pids of all processes.
std::vector<pid_t> all_pids();
// Whether one of the descriptors of `pid` is one of these sockets; nullopt without permission to
// read them.
std::optional<bool> holds_one_of(pid_t pid, const std::vector<ino_t>& sockets);

}  // namespace mirakuru::detail::os

#endif  // MIRAKURU_CORE_SRC_LINUX_PROC_HPP_
