// What executors throw. A caller's mistake (an empty command, a bad URL) is a
// std::invalid_argument, thrown when the executor is made; everything that happens later is one
// of the errors below. what() is the whole story: one line that sums it up, then indented lines
// with what was run, what was waited for, what the last try said, how the process ended, and its
// last output.
#ifndef MIRAKURU_ERRORS_HPP_
#define MIRAKURU_ERRORS_HPP_

#include <iosfwd>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

#include "mirakuru/exit_status.hpp"
#include "mirakuru/export.hpp"

namespace mirakuru {

class MIRAKURU_EXPORT ExecutorError : public std::runtime_error {
 public:
  explicit ExecutorError(const std::string& story) : std::runtime_error(story) {}

  // The first line of what().
  std::string summary() const;
};

MIRAKURU_EXPORT std::ostream& operator<<(std::ostream& out, const ExecutorError& error);

// Not ready in time, or a wait that was not over in time.
class MIRAKURU_EXPORT TimeoutExpired : public ExecutorError {
 public:
  using ExecutorError::ExecutorError;
};

// The check passes before the start, or a foreign process answers where the service should.
class MIRAKURU_EXPORT AlreadyRunning : public ExecutorError {
 public:
  using ExecutorError::ExecutorError;
};

// The process ended before it was ready, or before what was waited for came.
class MIRAKURU_EXPORT ProcessExitedWithError : public ExecutorError {
 public:
  ProcessExitedWithError(const std::string& story, ExitStatus status)
      : ExecutorError(story), status_(status) {}
  ExitStatus exit_status() const { return status_; }

 private:
  ExitStatus status_;
};

// The process had ended with a wrong status by the time it was stopped: neither 0, nor by the
// stop signal, nor with `expected_returncode`.
class MIRAKURU_EXPORT ProcessFinishedWithError : public ExecutorError {
 public:
  ProcessFinishedWithError(const std::string& story, ExitStatus status)
      : ExecutorError(story), status_(status) {}
  ExitStatus exit_status() const { return status_; }

 private:
  ExitStatus status_;
};

// The process could not be started at all.
class MIRAKURU_EXPORT StartError : public ExecutorError {
 public:
  StartError(const std::string& story, std::error_code code, std::string path)
      : ExecutorError(story), code_(code), path_(std::move(path)) {}
  std::error_code code() const { return code_; }     // the errno, in std::generic_category()
  const std::string& path() const { return path_; }  // what was tried: program or directory

 private:
  std::error_code code_;
  std::string path_;
};

// The service said itself that it failed: its output matched OutputCheck::fail_on, or it sent
// ERRNO= to a NotifyCheck. Or what it says cannot be heard: an OutputCheck waits for output that
// cannot be written to its log.
class MIRAKURU_EXPORT StartupFailed : public ExecutorError {
 public:
  using ExecutorError::ExecutorError;
};

}  // namespace mirakuru

#endif  // MIRAKURU_ERRORS_HPP_
