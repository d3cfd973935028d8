// How a process ended.
#ifndef MIRAKURU_EXIT_STATUS_HPP_
#define MIRAKURU_EXIT_STATUS_HPP_

#include <iosfwd>
#include <string>

#include "mirakuru/export.hpp"

namespace mirakuru {

// A value type. See wait(2).
class MIRAKURU_EXPORT ExitStatus {
 public:
  // From the status word that wait(2) fills in.
  static ExitStatus from_wait_status(int wait_status);

  bool exited() const;     // it returned from main or called exit
  int code() const;        // its exit code, 0 to 255; 0 if a signal ended it
  bool signaled() const;   // a signal ended it
  int signal() const;      // that signal; 0 if it exited
  int returncode() const;  // the exit code, or minus the signal

  // For example "exited with 3", "killed by signal 9 (SIGKILL)".
  std::string to_string() const;

  friend bool operator==(ExitStatus a, ExitStatus b) { return a.wait_status_ == b.wait_status_; }
  friend bool operator!=(ExitStatus a, ExitStatus b) { return !(a == b); }

 private:
  explicit ExitStatus(int wait_status) : wait_status_(wait_status) {}

  int wait_status_;
};

MIRAKURU_EXPORT std::ostream& operator<<(std::ostream& out, const ExitStatus& status);

}  // namespace mirakuru

#endif  // MIRAKURU_EXIT_STATUS_HPP_
