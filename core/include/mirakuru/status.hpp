// For code without exceptions: errors as absl::Status. Not included by <mirakuru/mirakuru.hpp>,
// since it includes abseil.
#ifndef MIRAKURU_STATUS_HPP_
#define MIRAKURU_STATUS_HPP_

#include "absl/status/status.h"
#include "mirakuru/export.hpp"
#include "mirakuru/simple_executor.hpp"

namespace mirakuru {

// start() and stop(), with the full failure report as the message and this code:
//   TimeoutExpired                                     DEADLINE_EXCEEDED
//   AlreadyRunning                                     ALREADY_EXISTS
//   StartError                                         NOT_FOUND, PERMISSION_DENIED (by its errno),
//                                                      else FAILED_PRECONDITION
//   ProcessExitedWithError, ProcessFinishedWithError,
//   StartupFailed                                      ABORTED
//   any other exception                                UNKNOWN
MIRAKURU_EXPORT absl::Status try_start(SimpleExecutor& executor);
MIRAKURU_EXPORT absl::Status try_stop(SimpleExecutor& executor);

}  // namespace mirakuru

#endif  // MIRAKURU_STATUS_HPP_
