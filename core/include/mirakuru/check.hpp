// How we know that a service is ready: one small type per way, which combine.
//
//   all_of(OutputCheck{.banner = "ready to accept", .times = 2}, TcpCheck{"127.0.0.1:{port}"})
//
// Placeholders ({port}, {tmpdir}, ...) work in every address, URL, path and command. What can be
// seen to be wrong (a bad URL, expression or port) is a std::invalid_argument when the Check is
// made.
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

// Ready when a connection is accepted, at any of the addresses that a name resolves to, by a
// socket that belongs to the service.
struct TcpCheck {
  Endpoint endpoint;
};

// The HTTP status that is wanted: a number, or a regular expression (RE2 syntax) that the three
// digits must match as a whole.
class MIRAKURU_EXPORT HttpStatus {
 public:
  HttpStatus(int status);                     // NOLINT(google-explicit-constructor)
  HttpStatus(const char* expression);         // NOLINT(google-explicit-constructor)
  HttpStatus(const std::string& expression);  // NOLINT(google-explicit-constructor)
  const std::string& expression() const { return expression_; }

 private:
  std::string expression_;
};

// Ready when a request is answered with the wanted status; before that, as TcpCheck (or, where
// `unix_socket` is given, UnixSocketCheck). No proxy is used.
struct HttpCheck {
  std::string url;  // http or https
  HttpStatus status = "2[0-9][0-9]";
  std::string method = "HEAD";
  // Sent as a form (application/x-www-form-urlencoded).
  std::vector<std::pair<std::string, std::string>> payload = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};         // sent as it is; not together with `payload`
  std::string unix_socket = {};  // the path of the socket to speak HTTP over
  std::string ca_file = {};      // PEM; trusted instead of the system's authorities
  bool verify_certificate = true;
  bool follow_redirects = false;                                        // on the same host only
  std::chrono::milliseconds attempt_timeout = std::chrono::seconds(5);  // of one request
};

// Ready when a line of the output matches `banner` (a regular expression, RE2 syntax, searched in
// each line on its own) so many times. A line counts before its newline has come.
struct OutputCheck {
  enum class From { both, std_out, std_err };
  std::string banner;
  int times = 1;             // how many lines must match
  std::string fail_on = {};  // a line that matches this means failure, at once
  From from = From::both;
};

// Ready when the file is there. One that was there before the start counts only once it was
// written anew; one that holds the pid of a living process means AlreadyRunning.
struct FileCheck {
  std::string path;
};

// Ready when the socket accepts a stream connection; "@name" is an abstract one (unix(7)).
struct UnixSocketCheck {
  std::string path;
};

// Ready when this program exits with 0 (pg_isready). It gets the service's environment.
struct CommandCheck {
  Command command;
  std::chrono::milliseconds attempt_timeout = std::chrono::seconds(5);  // of one run
};

// Ready when the service sends READY=1 to $NOTIFY_SOCKET (sd_notify(3)).
struct NotifyCheck {};

namespace detail {
class CheckImplementation;
}

// Any of the checks above, or anything that can be called and says true when the service is ready.
// A callable that throws a std::exception is taken to say "not yet"; the last such message is
// shown where the wait fails.
class MIRAKURU_EXPORT Check {
 public:
  Check(TcpCheck check);            // NOLINT(google-explicit-constructor): made to be implicit
  Check(HttpCheck check);           // NOLINT(google-explicit-constructor)
  Check(const OutputCheck& check);  // NOLINT(google-explicit-constructor)
  Check(FileCheck check);           // NOLINT(google-explicit-constructor)
  Check(UnixSocketCheck check);     // NOLINT(google-explicit-constructor)
  Check(CommandCheck check);        // NOLINT(google-explicit-constructor)
  Check(NotifyCheck check);         // NOLINT(google-explicit-constructor)
  // `description` completes "waited for ...".
  Check(std::string description, std::function<bool()> ready);
  template <typename Callable,
            typename = std::enable_if_t<std::is_invocable_r_v<bool, std::decay_t<Callable>&>>>
  Check(Callable ready)  // NOLINT(google-explicit-constructor)
      : Check("the test's own check to say true", std::function<bool()>(std::move(ready))) {}

  // What it waits for, in words.
  std::string to_string() const;

  const detail::CheckImplementation& definition() const { return *definition_; }

 private:
  friend Check all_of(std::vector<Check> checks);
  friend Check any_of(std::vector<Check> checks);
  explicit Check(std::shared_ptr<const detail::CheckImplementation> definition);

  std::shared_ptr<const detail::CheckImplementation> definition_;
};

MIRAKURU_EXPORT std::ostream& operator<<(std::ostream& out, const Check& check);

// Ready when every one of them has been.
MIRAKURU_EXPORT Check all_of(std::vector<Check> checks);
// Ready when one of them is.
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
