// The exceptions of executors. Invalid arguments (an empty command, a bad URL) throw
// std::invalid_argument when the executor is created. Later failures throw one of the errors below.
// what() is usually the full failure report: a summary line, then indented lines with the command,
// what was waited for, the result of the last try, how the process ended, and its last output.
#ifndef MIRAKURU_ERRORS_HPP_
#define MIRAKURU_ERRORS_HPP_

#include <iosfwd>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

#include "mirakuru/exit_status.hpp"
#include "mirakuru/export.hpp"

namespace mirakuru {

class MIRAKURU_EXPORT ExecutorError : public std::runtime_error {
 public:
  explicit ExecutorError(const std::string& report) : std::runtime_error(report) {}

  // The first line of what().
  std::string summary() const;
};

MIRAKURU_EXPORT std::ostream& operator<<(std::ostream& out, const ExecutorError& error);

// The service was not ready in time, or another wait timed out.
class MIRAKURU_EXPORT TimeoutExpired : public ExecutorError {
 public:
  using ExecutorError::ExecutorError;
};

// The check passes already before the start, or a foreign process answers in place of the service.
class MIRAKURU_EXPORT AlreadyRunning : public ExecutorError {
 public:
  using ExecutorError::ExecutorError;
};

// The process ended before it was ready, or before the awaited output was printed.
class MIRAKURU_EXPORT ProcessExitedWithError : public ExecutorError {
 public:
  ProcessExitedWithError(const std::string& report, std::optional<ExitStatus> status)
      : ExecutorError(report), status_(status) {}
  // Throws std::bad_optional_access if the status is not known, because the process that watches
  // over the service was killed.
  ExitStatus exit_status() const { return status_.value(); }
  std::optional<ExitStatus> exit_status_if_known() const { return status_; }

 private:
  std::optional<ExitStatus> status_;
};

// The process ended with an unexpected status, by itself or when it was stopped: neither 0, nor by
// the stop signal or with 128 + that signal, nor with `expected_returncode`.
class MIRAKURU_EXPORT ProcessFinishedWithError : public ExecutorError {
 public:
  ProcessFinishedWithError(const std::string& report, std::optional<ExitStatus> status)
      : ExecutorError(report), status_(status) {}
  // Throws std::bad_optional_access if the status is not known, because the process that watches
  // over the service was killed.
  ExitStatus exit_status() const { return status_.value(); }
  std::optional<ExitStatus> exit_status_if_known() const { return status_; }

 private:
  std::optional<ExitStatus> status_;
};

// The process could not be started.
class MIRAKURU_EXPORT StartError : public ExecutorError {
 public:
  StartError(const std::string& report, std::error_code code, std::string path)
      : ExecutorError(report), code_(code), path_(std::move(path)) {}
  std::error_code code() const { return code_; }     // the errno, in std::generic_category()
  const std::string& path() const { return path_; }  // of the program or directory

 private:
  std::error_code code_;
  std::string path_;
};

// The service reported that it failed: its output matched OutputCheck::fail_on, or it sent ERRNO=
// to a NotifyCheck. Also thrown if an OutputCheck cannot see the output, since writing the log
// failed, and if an executor has neither a check nor a hook that says when it is ready.
class MIRAKURU_EXPORT StartupFailed : public ExecutorError {
 public:
  using ExecutorError::ExecutorError;
};

}  // namespace mirakuru

#endif  // MIRAKURU_ERRORS_HPP_
