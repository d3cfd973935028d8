// The test program's side of the supervisor (see core/supervisor/protocol.hpp).
#ifndef MIRAKURU_CORE_SRC_PROCESS_SUPERVISOR_CLIENT_HPP_
#define MIRAKURU_CORE_SRC_PROCESS_SUPERVISOR_CLIENT_HPP_

#include "base/unique_fd.hpp"

namespace mirakuru::detail {

// A channel to the shepherd of a new service. Starts the supervisor where none runs yet, or where
// this process is a forked copy of the one that started it. Throws std::system_error.
UniqueFd open_channel();

// After a channel turned out to be dead: the next open_channel() starts a new supervisor.
void forget_supervisor();

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_PROCESS_SUPERVISOR_CLIENT_HPP_
