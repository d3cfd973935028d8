// From a specification to a running main process.
#ifndef MIRAKURU_CORE_SUPERVISOR_LAUNCH_HPP_
#define MIRAKURU_CORE_SUPERVISOR_LAUNCH_HPP_

#include <sys/types.h>

#include "owner_watch.hpp"
#include "protocol.hpp"
#include "specification.hpp"
#include "system.hpp"

namespace mirakuru::supervisor {

struct LaunchedService {
  protocol::LaunchError error;
  bool abandoned = false;  // the owner ended before the program ran
  pid_t main = 0;
  Fd outputs[2];  // our ends of stdout and stderr, if they are captured
};

// Returns when the program runs, or cannot be run. Moves the service's descriptors out of the
// specification, so that only the service holds them.
LaunchedService launch(Specification& spec, const OwnerWatch& owner);

}  // namespace mirakuru::supervisor

#endif  // MIRAKURU_CORE_SUPERVISOR_LAUNCH_HPP_
