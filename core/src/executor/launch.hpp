// How an executor's command and options become a process.
#ifndef MIRAKURU_CORE_SRC_EXECUTOR_LAUNCH_HPP_
#define MIRAKURU_CORE_SRC_EXECUTOR_LAUNCH_HPP_

#include <sys/types.h>

#include <string>

#include "base/unique_fd.hpp"
#include "checks/probe.hpp"
#include "mirakuru/command.hpp"
#include "mirakuru/errors.hpp"
#include "mirakuru/options.hpp"
#include "process/service_process.hpp"
#include "resources/placeholder_values.hpp"

namespace mirakuru::detail {

// The variable that tells processes of the test program about its services. It is not passed to
// services.
inline constexpr char kServicesVariable[] = "MIRAKURU_TEST_SERVICES";

// `mark` is the value of mirakuru_uuid, by which a user, or `mirakuru reap`, finds what a test
// program left behind.
LaunchContext launch_context_of(const Options& options, PlaceholderValues& values,
                                const std::string& mark);

// All but the streams. Throws StartError if the program, the directory or the user does not exist.
LaunchRequest launch_request_of(const Command& command, const Options& options,
                                const std::string& name, const LaunchContext& context,
                                PlaceholderValues& values);

// open(2). Throws StartError.
UniqueFd open_or_throw(const std::string& path, int flags, mode_t mode = 0);

// The error for a failed request. `context` is the one of the request.
StartError start_error_of(const LaunchError& error, const std::string& program,
                          const LaunchContext& context, const Options& options);

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_EXECUTOR_LAUNCH_HPP_
