// The descendants of this process. It is a child subreaper, so all that its service starts stays
// below it, however often it forks, changes its session or clears its environment.
//
// A scan of running processes is never exact: after killing or pausing, the scan is repeated until
// it finds nothing more.
#ifndef MIRAKURU_CORE_SUPERVISOR_PROCESS_TREE_HPP_
#define MIRAKURU_CORE_SUPERVISOR_PROCESS_TREE_HPP_

#include <sys/types.h>

#include "system.hpp"

namespace mirakuru::supervisor {

using PidList = List<pid_t>;

// Whether the pids in /proc belong to another pid namespace, for example if a container mounts the
// /proc of its host. Then they must not be used.
bool proc_is_foreign();

// Appends the living children of this process to `pids`; none if there is no /proc.
void append_children(PidList& pids);
// Appends all descendants of the processes in `pids`.
void append_descendants(PidList& pids);
// Replaces `pids` with the descendants of this process.
void find_descendants(PidList& pids);

void signal_descendants(int signal);
// Sends SIGSTOP to all running descendants; true if all of them have stopped already.
bool pause_descendants();

// Whether it is exiting, but cannot be reaped yet: others may have noticed already, because its
// sockets are closed.
bool is_exiting(pid_t pid);

// Whether the group contains a child of this process, alive or not yet reaped. Such a child keeps
// the group's number from being reused by foreign processes. Needs no /proc.
bool has_child_in_group(pid_t group);

}  // namespace mirakuru::supervisor

#endif  // MIRAKURU_CORE_SUPERVISOR_PROCESS_TREE_HPP_
