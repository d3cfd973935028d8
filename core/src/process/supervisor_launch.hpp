// Starts the supervisor program.
#ifndef MIRAKURU_CORE_SRC_PROCESS_SUPERVISOR_LAUNCH_HPP_
#define MIRAKURU_CORE_SRC_PROCESS_SUPERVISOR_LAUNCH_HPP_

#include <string>

namespace mirakuru::detail {

// Runs the file `executable`, with its descriptors (-1: none; it gets them as protocol::kControlFd
// and kOwnerFd) and an empty environment. Returns once it has detached itself; it reports over the
// control socket whether it is up. Throws std::system_error.
void launch_supervisor(const std::string& executable, const std::string& directory_to_delete,
                       int control, int owner);

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_PROCESS_SUPERVISOR_LAUNCH_HPP_
