// Everything about an executor that is neither its command nor its check.
#ifndef MIRAKURU_OPTIONS_HPP_
#define MIRAKURU_OPTIONS_HPP_

#include <chrono>
#include <csignal>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "mirakuru/export.hpp"

namespace mirakuru {

// A timeout that never expires.
inline constexpr std::chrono::milliseconds forever = std::chrono::milliseconds::max();

// Where one of the service's three standard streams leads.
class MIRAKURU_EXPORT Stream {
 public:
  enum class Kind { capture, terminal, inherit, null, file, to_stdout, pipe };
  static constexpr std::uint64_t kDefaultLimit = std::uint64_t{64} << 20;

  // Into a log that the test can read while the service runs and after it ended. No more than
  // `limit` bytes lie on disk, the first half of it and the last; at least 64 KiB.
  static Stream capture(std::uint64_t limit = kDefaultLimit);
  // The same through a terminal, for programs that hold their output back otherwise.
  static Stream terminal(std::uint64_t limit = kDefaultLimit);
  // The test program's own.
  static Stream inherit();
  // /dev/null.
  static Stream null();
  // Output is appended to this file, without a limit, and can be read as with capture(); as stdin,
  // the service reads it. Placeholders work. std::invalid_argument where the path is empty.
  static Stream file(std::string path);
  // For stderr: where stdout leads.
  static Stream to_stdout();
  // For stdin: what the test writes with input().write().
  static Stream pipe();

  Kind kind() const { return kind_; }
  std::uint64_t limit() const { return limit_; }
  const std::string& path() const { return path_; }

 private:
  explicit Stream(Kind kind, std::uint64_t limit = 0, std::string path = {});

  Kind kind_;
  std::uint64_t limit_;
  std::string path_;
};

// Timeouts are multiplied by the environment variable MIRAKURU_TIMEOUT_SCALE where it is set.
struct Options {
  // From the start to being ready. Zero and less are refused.
  std::chrono::milliseconds start_timeout = std::chrono::seconds(60);
  // From the stop signal to the kill signal. Zero: at once.
  std::chrono::milliseconds stop_timeout = std::chrono::seconds(10);
  int stop_signal = SIGTERM;
  int kill_signal = SIGKILL;
  // An exit code that stop() accepts beside 0 and "ended by the stop signal"; negative: a signal.
  std::optional<int> expected_returncode = {};
  // The directory to run in; empty: the test program's own. Placeholders work.
  std::string cwd = {};
  // Variables added to the test program's environment, or all there are where inherit_env is
  // false. Placeholders work in the values.
  std::map<std::string, std::string> env = {};
  bool inherit_env = true;
  // What messages, {name} and log directories call it; empty: the program's name.
  std::string name = {};
  // Run as this user, with its groups, HOME, USER and LOGNAME; {tmpdir} then belongs to it. Needs
  // root. Empty: as the test program.
  std::string user = {};
  Stream std_in = Stream::pipe();
  Stream std_out = Stream::capture();
  Stream std_err = Stream::capture();
  // The command hands the service to somebody else and exits with 0 (docker run -d): its end does
  // not count, nor does it matter whose the listening socket is.
  bool launcher = false;
  // The socket that answers must belong to a process that this executor started.
  bool verify_listener = true;
  // Tries on new ports where a start fails because an address was in use; unset: 3 where {port}
  // is used, else 1.
  std::optional<int> start_attempts = {};
};

}  // namespace mirakuru

#endif  // MIRAKURU_OPTIONS_HPP_
