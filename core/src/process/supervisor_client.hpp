// The library's side of the connection to the supervisor (see core/supervisor/protocol.hpp).
#ifndef MIRAKURU_CORE_SRC_PROCESS_SUPERVISOR_CLIENT_HPP_
#define MIRAKURU_CORE_SRC_PROCESS_SUPERVISOR_CLIENT_HPP_

#include <sys/types.h>

#include <chrono>

#include "base/unique_fd.hpp"
#include "base/waiting.hpp"

namespace mirakuru::detail {

// A helper (the supervisor or a shepherd) is pinged when it has been silent for kSilence, and
// reported as not answering after a further kPatience. Both are scaled by MIRAKURU_TIMEOUT_SCALE.
constexpr std::chrono::milliseconds kSilence(1000);
constexpr std::chrono::milliseconds kPatience(10000);

// A channel to the shepherd of a new service; empty while the supervisor has too many requests to
// take another one. Starts the supervisor if none runs yet, if it was killed, or if this process is
// a forked copy of the one that started it. Throws std::system_error.
UniqueFd open_channel();
// Wakes up when the supervisor may take another request.
void wait_on_supervisor(WaitSet& set);

// For a channel that closed unexpectedly: whether the supervisor was killed, and not only the
// shepherd.
bool supervisor_was_killed();

// Of the current or the last supervisor; 0 before the first one.
pid_t supervisor_pid();

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_PROCESS_SUPERVISOR_CLIENT_HPP_
