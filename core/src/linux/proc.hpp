// What proc(5) says of processes.
#ifndef MIRAKURU_CORE_SRC_LINUX_PROC_HPP_
#define MIRAKURU_CORE_SRC_LINUX_PROC_HPP_

#include <sys/types.h>

#include <ctime>
#include <optional>
#include <string>
#include <vector>

namespace mirakuru::detail::os {

// Throws std::system_error where the system does not tell which processes descend from which, or
// tells it with the pids of another pid namespace: what a service leaves behind could not be ended,
// and foreign processes could.
void require_process_tree();
// The second of these errors.
[[noreturn]] void fail_as_foreign_proc();
// A process and all of its descendants.
std::vector<pid_t> process_tree(pid_t root);

// Alive, and not a zombie.
bool alive(pid_t pid);
// When it began, on the wall clock; 0 where the system does not tell.
std::time_t start_time(pid_t pid);
// "redis-server (pid 4242)".
std::string describe_process(pid_t pid);

// The content of a file in /proc.
std::optional<std::string> read_proc(const std::string& path);
// The pids of all processes.
std::vector<pid_t> all_pids();
// Whether one of the descriptors of `pid` is one of these sockets; none where we may not look.
std::optional<bool> holds_one_of(pid_t pid, const std::vector<ino_t>& sockets);

}  // namespace mirakuru::detail::os

#endif  // MIRAKURU_CORE_SRC_LINUX_PROC_HPP_
