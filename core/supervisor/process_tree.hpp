// Who descends from this process. It is a child subreaper, so whatever its service starts stays
// below it, however often that forks, changes its session or clears its environment.
//
// A look at running processes is never exact: what is killed or stopped is looked for again until
// nothing is left to find.
#ifndef MIRAKURU_CORE_SUPERVISOR_PROCESS_TREE_HPP_
#define MIRAKURU_CORE_SUPERVISOR_PROCESS_TREE_HPP_

#include <sys/types.h>

#include "system.hpp"

namespace mirakuru::supervisor {

using PidList = List<pid_t>;

// Whether the numbers in /proc are pids of another pid namespace than ours, and so must not be
// taken for pids: as where a container mounts the /proc of its host.
bool proc_is_foreign();

// Appends the children of this process that live to `pids`; none where there is no /proc.
void append_children(PidList& pids);
// Appends all descendants of the processes in `pids`.
void append_descendants(PidList& pids);
// Replaces `pids` by the descendants of this process.
void find_descendants(PidList& pids);

void signal_descendants(int signal);
// Sends SIGSTOP to all descendants that run; true where each of them has stopped already.
bool stop_descendants();

// Whether it is on its way out, but not yet to be waited for: others may have noticed already, by
// its sockets.
bool is_exiting(pid_t pid);

// Whether a child of this process, alive or not yet reaped, is in the group. Such a child keeps
// the group's number from being given to foreign processes, and it needs no /proc to know.
bool has_child_in_group(pid_t group);

}  // namespace mirakuru::supervisor

#endif  // MIRAKURU_CORE_SUPERVISOR_PROCESS_TREE_HPP_
