// The options of an executor.
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

// Where one of the service's three standard streams goes to, or comes from.
class MIRAKURU_EXPORT Stream {
 public:
  enum class Kind { capture, terminal, inherit, null, file, to_stdout, pipe };
  static constexpr std::uint64_t kDefaultLimit = std::uint64_t{64} << 20;

  // Into a log that the test can read while the service runs and after it has ended. At most
  // `limit` bytes (at least 64 KiB) are kept on disk: the beginning and the end.
  static Stream capture(std::uint64_t limit = kDefaultLimit);
  // The same through a pseudo-terminal, for programs that buffer their output otherwise.
  static Stream terminal(std::uint64_t limit = kDefaultLimit);
  // The stream of the test program.
  static Stream inherit();
  // /dev/null.
  static Stream null();
  // For stdout and stderr: appended to this file, without a limit, and readable as with capture().
  // For stdin: read from this file. Placeholders work. Throws std::invalid_argument if the path is
  // empty.
  static Stream file(std::string path);
  // For stderr: the same as stdout.
  static Stream to_stdout();
  // For stdin: a pipe to which the test writes with input().write().
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

// Timeouts are multiplied by the environment variable MIRAKURU_TIMEOUT_SCALE if it is set.
struct Options {
  // From the start until the service is ready. Must be positive.
  std::chrono::milliseconds start_timeout = std::chrono::seconds(60);
  // From the stop signal to the kill signal. Zero: immediately.
  std::chrono::milliseconds stop_timeout = std::chrono::seconds(10);
  int stop_signal = SIGTERM;
  int kill_signal = SIGKILL;
  // An exit code that stop() accepts besides 0, "ended by the stop signal" and 128 + that signal
  // (as JVMs and shells end). Negative: a signal.
  std::optional<int> expected_returncode = {};
  // The working directory. Empty: that of the test program. Placeholders work.
  std::string cwd = {};
  // Variables that are added to the test program's environment, or the whole environment if
  // inherit_env is false. Placeholders work in the values.
  std::map<std::string, std::string> env = {};
  bool inherit_env = true;
  // The name in messages, for {name} and for log directories. Empty: the program's name.
  std::string name = {};
  // The user to run as, with its groups, HOME, USER and LOGNAME, and as the owner of {tmpdir}.
  // Needs root. Empty: the user of the test program.
  std::string user = {};
  Stream std_in = Stream::pipe();
  Stream std_out = Stream::capture();
  Stream std_err = Stream::capture();
  // The command only asks another process to start the service, and exits with 0 (docker run -d).
  // Its end is not a failure, and verify_listener does not apply.
  bool launcher = false;
  // Whether the listening socket must belong to a process that this executor started.
  bool verify_listener = true;
  // How many times a start is tried if it fails because an address is in use, each time on new
  // ports. Unset: 3 if {port} is used, else 1.
  std::optional<int> start_attempts = {};
};

}  // namespace mirakuru

#endif  // MIRAKURU_OPTIONS_HPP_
