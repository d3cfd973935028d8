// Readiness checks: one small type for each kind. They can be combined.
//
//   all_of(OutputCheck{.banner = "ready to accept", .times = 2}, TcpCheck{"127.0.0.1:{port}"})
//
// Placeholders ({port}, {tmpdir}, ...) work in every address, URL, path and command. An invalid
// URL, regular expression or port throws std::invalid_argument when the Check is created.
#ifndef MIRAKURU_CHECK_HPP_
#define MIRAKURU_CHECK_HPP_

#include <chrono>
#include <functional>
#include <iosfwd>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "mirakuru/command.hpp"
#include "mirakuru/export.hpp"

namespace mirakuru {

// Where a TCP service listens: "127.0.0.1:80", "[::1]:80", "localhost:{port}", {"localhost", 80}.
class MIRAKURU_EXPORT Endpoint {
 public:
  Endpoint(const char* address);                     // NOLINT(google-explicit-constructor)
  Endpoint(const std::string& address);              // NOLINT(google-explicit-constructor)
  Endpoint(const std::string& host, int port);       // 1 to 65535
  const std::string& host() const { return host_; }  // without brackets
  const std::string& port() const { return port_; }  // a number, or with placeholders
  std::string to_string() const;

 private:
  std::string host_;
  std::string port_;
};

// Ready when the service accepts a connection, at any of the addresses that the host name resolves
// to. The listening socket must belong to the service.
struct TcpCheck {
  Endpoint endpoint;
};

// The expected HTTP status: a number, or a regular expression (RE2 syntax) that must match all
// three digits.
class MIRAKURU_EXPORT HttpStatus {
 public:
  HttpStatus(int status);                     // NOLINT(google-explicit-constructor)
  HttpStatus(const char* expression);         // NOLINT(google-explicit-constructor)
  HttpStatus(const std::string& expression);  // NOLINT(google-explicit-constructor)
  const std::string& expression() const { return expression_; }

 private:
  std::string expression_;
};

// Ready when a request is answered with the expected status. The first step is a TcpCheck (or a
// UnixSocketCheck, if `unix_socket` is set). Proxies are not used.
struct HttpCheck {
  std::string url;  // http or https
  HttpStatus status = "2[0-9][0-9]";
  std::string method = "HEAD";
  // Sent as a form (application/x-www-form-urlencoded).
  std::vector<std::pair<std::string, std::string>> payload = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};         // sent unchanged; excludes `payload`
  std::string unix_socket = {};  // path of the unix socket to send the request to
  std::string ca_file = {};      // PEM; replaces the system's certificate authorities
  bool verify_certificate = true;
  // HTTP/2: over http by prior knowledge (RFC 9113, 3.3), over https if the server offers it.
  bool http2 = false;
  bool follow_redirects = false;                                        // to the same host only
  std::chrono::milliseconds attempt_timeout = std::chrono::seconds(5);  // for one request
};

// Ready when `times` lines of the output match `banner`, a regular expression (RE2 syntax) that is
// searched in each line. A line counts even before its newline is printed.
struct OutputCheck {
  enum class From { both, std_out, std_err };
  std::string banner;
  int times = 1;             // how many lines must match
  std::string fail_on = {};  // a line that matches this fails the start immediately
  From from = From::both;
};

// Ready when the file exists, even if it is empty. A file from before the start counts only after
// it was rewritten. If it contains the pid of a running process, the start throws AlreadyRunning.
struct FileCheck {
  std::string path;
};

// Ready when the file, written after the start, contains the pid of a running process of the
// service (with Options::launcher: any pid). A file from before the start as for FileCheck.
struct PidFileCheck {
  std::string path;
};

// Ready when the socket accepts a stream connection. "@name" is an abstract socket (unix(7)).
struct UnixSocketCheck {
  std::string path;
};

// Ready when this program, such as pg_isready, exits with 0. It runs in the service's environment.
struct CommandCheck {
  Command command;
  std::chrono::milliseconds attempt_timeout = std::chrono::seconds(5);  // for one run
};

// Ready when the service sends READY=1 to $NOTIFY_SOCKET (sd_notify(3)).
struct NotifyCheck {};

namespace detail {
class CheckImplementation;
}

// Any of the checks above, or a callable that returns true when the service is ready. A
// std::exception from the callable means "not ready yet"; if the start fails, its last message is
// in the report.
class MIRAKURU_EXPORT Check {
 public:
  Check(TcpCheck check);            // NOLINT(google-explicit-constructor): implicit by design
  Check(HttpCheck check);           // NOLINT(google-explicit-constructor)
  Check(const OutputCheck& check);  // NOLINT(google-explicit-constructor)
  Check(FileCheck check);           // NOLINT(google-explicit-constructor)
  Check(PidFileCheck check);        // NOLINT(google-explicit-constructor)
  Check(UnixSocketCheck check);     // NOLINT(google-explicit-constructor)
  Check(CommandCheck check);        // NOLINT(google-explicit-constructor)
  Check(NotifyCheck check);         // NOLINT(google-explicit-constructor)
  // `description` completes the sentence "waited for ..." in reports.
  Check(std::string description, std::function<bool()> ready);
  template <typename Callable,
            typename = std::enable_if_t<std::is_invocable_r_v<bool, std::decay_t<Callable>&>>>
  Check(Callable ready)  // NOLINT(google-explicit-constructor)
      : Check("the test's own check to return true", std::function<bool()>(std::move(ready))) {}

  // A description of what it waits for.
  std::string to_string() const;

  const detail::CheckImplementation& implementation() const { return *implementation_; }

 private:
  friend Check all_of(std::vector<Check> checks);
  friend Check any_of(std::vector<Check> checks);
  explicit Check(std::shared_ptr<const detail::CheckImplementation> implementation);

  std::shared_ptr<const detail::CheckImplementation> implementation_;
};

MIRAKURU_EXPORT std::ostream& operator<<(std::ostream& out, const Check& check);

// Ready when each of them has been ready once.
MIRAKURU_EXPORT Check all_of(std::vector<Check> checks);
// Ready when one of them is ready.
MIRAKURU_EXPORT Check any_of(std::vector<Check> checks);

template <typename... Checks>
Check all_of(Check first, Checks... rest) {
  return all_of(std::vector<Check>{std::move(first), Check(std::move(rest))...});
}
template <typename... Checks>
Check any_of(Check first, Checks... rest) {
  return any_of(std::vector<Check>{std::move(first), Check(std::move(rest))...});
}

}  // namespace mirakuru

#endif  // MIRAKURU_CHECK_HPP_
