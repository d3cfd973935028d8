// Starts the supervisor program.
#ifndef MIRAKURU_CORE_SRC_PROCESS_SUPERVISOR_LAUNCH_HPP_
#define MIRAKURU_CORE_SRC_PROCESS_SUPERVISOR_LAUNCH_HPP_

#include <string>

namespace mirakuru::detail {

// Runs the file `executable` with `control` and `owner` (-1: none) as its descriptors kControlFd
// and kOwnerFd (protocol.hpp), and an empty environment. It deletes `directory_to_delete` ("":
// none) at its end. Returns once it has detached itself; it reports over the control socket whether
// it is up. Throws std::system_error.
void launch_supervisor(const std::string& executable, const std::string& directory_to_delete,
                       int control, int owner);

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_PROCESS_SUPERVISOR_LAUNCH_HPP_
