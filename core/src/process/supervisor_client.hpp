// The test program's side of the supervisor (see core/supervisor/protocol.hpp).
#ifndef MIRAKURU_CORE_SRC_PROCESS_SUPERVISOR_CLIENT_HPP_
#define MIRAKURU_CORE_SRC_PROCESS_SUPERVISOR_CLIENT_HPP_

#include <sys/types.h>

#include <chrono>

#include "base/unique_fd.hpp"

namespace mirakuru::detail {

// A helper is asked, by a ping, when it has been silent for kSilence, and given up when it has not
// answered for kPatience. Both are scaled by MIRAKURU_TIMEOUT_SCALE.
constexpr std::chrono::milliseconds kSilence(1000);
constexpr std::chrono::milliseconds kPatience(10000);

// A channel to the shepherd of a new service. Starts the supervisor where none runs yet, where it
// was killed, or where this process is a forked copy of the one that started it. Throws
// std::system_error.
UniqueFd open_channel();

// Whether the supervisor, which had a shepherd, was killed. A shepherd that is lost may have been
// killed alone.
bool supervisor_was_killed();

// Of the supervisor that runs, or ran last; 0 before there was one.
pid_t supervisor_pid();

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_PROCESS_SUPERVISOR_CLIENT_HPP_
