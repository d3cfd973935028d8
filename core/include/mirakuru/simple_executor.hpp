// SimpleExecutor: starts a process without waiting for anything, and stops it with all processes
// that it started. The base class of all executors.
//
//   mirakuru::SimpleExecutor worker("./worker --verbose");
//   worker.start();
//   ...
//   worker.stop();   // the destructor does it, too
#ifndef MIRAKURU_SIMPLE_EXECUTOR_HPP_
#define MIRAKURU_SIMPLE_EXECUTOR_HPP_

#include <chrono>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mirakuru/check.hpp"
#include "mirakuru/command.hpp"
#include "mirakuru/errors.hpp"
#include "mirakuru/exit_status.hpp"
#include "mirakuru/export.hpp"
#include "mirakuru/options.hpp"
#include "mirakuru/output.hpp"

namespace mirakuru {

class SimpleExecutor;

namespace detail {
class ExecutorImpl;
ExecutorImpl& impl_of(const SimpleExecutor& executor);
class HookProbe;
}  // namespace detail

// Returned by SimpleExecutor::stopped(): the executor is stopped during the lifetime of this
// object.
class [[nodiscard]] MIRAKURU_EXPORT Outage {
 public:
  // Starts the executor again. Throws what start() throws, except during stack unwinding.
  ~Outage() noexcept(false);
  Outage(const Outage&) = delete;
  Outage& operator=(const Outage&) = delete;
  // Ends the outage now, for callers that do not want a destructor that throws.
  void end();

 private:
  friend class SimpleExecutor;
  explicit Outage(SimpleExecutor& executor);

  SimpleExecutor* executor_;
  int exceptions_;
};

// Returned by SimpleExecutor::paused(): all processes of the executor are paused during the
// lifetime of this object.
class [[nodiscard]] MIRAKURU_EXPORT Pause {
 public:
  ~Pause();
  Pause(const Pause&) = delete;
  Pause& operator=(const Pause&) = delete;
  void end();

 private:
  friend class SimpleExecutor;
  explicit Pause(SimpleExecutor& executor);

  SimpleExecutor* executor_;
};

class MIRAKURU_EXPORT SimpleExecutor {
 public:
  // Starts nothing. Throws std::invalid_argument if the arguments are invalid.
  explicit SimpleExecutor(Command command, Options options = {});
  // Like stop(), but throws nothing.
  virtual ~SimpleExecutor();
  // Not copyable. `volatile`, so that SimpleExecutor({"./worker"}) can only mean a list of words: a
  // temporary does not bind to it.
  SimpleExecutor(const volatile SimpleExecutor&) = delete;
  SimpleExecutor& operator=(const SimpleExecutor&) = delete;

  // Starts the process and returns when it is ready. Does nothing if it is running already. After a
  // failure, none of its processes is left running. Throws
  // - AlreadyRunning if a foreign process answers before the start, or in place of the service,
  // - StartError if the system cannot run the program,
  // - ProcessExitedWithError if it ends before it is ready,
  // - StartupFailed if it reports that it failed, or if nothing says when it is ready,
  // - TimeoutExpired if it is not ready within Options::start_timeout, or if the process that
  //   watches over it does not answer,
  // - ExecutorError if the path of a socket is too long for the system.
  SimpleExecutor& start();

  // Sends the stop signal to the process group of the main process and to orphaned descendants, and
  // after Options::stop_timeout the kill signal to all of its processes. Returns when none is left.
  // Does nothing if none is running. Throws
  // - ProcessFinishedWithError if the main process ended with an unexpected status, now or earlier,
  //   unless wait() has already returned that status; or if the process that watches over it was
  //   killed,
  // - TimeoutExpired if the process that watches over it does not answer.
  SimpleExecutor& stop();

  // Sends the kill signal to all of its processes. Returns when none is left. Does nothing if none
  // is running. Ignores the status. Throws TimeoutExpired if the process that watches over it does
  // not answer.
  SimpleExecutor& kill();

  // Stops it, ignoring its status, and starts it again on the same ports. Throws what start()
  // throws.
  SimpleExecutor& restart();

  // Stopped during the lifetime of the returned object, and started again at its end. Does nothing,
  // now or later, if it is not running.
  Outage stopped();

  // All of its processes are paused by SIGSTOP during the lifetime of the returned object.
  Pause paused();

  // Waits for the end of the main process. Throws TimeoutExpired, or ExecutorError if it was never
  // started, or if its status is not known.
  ExitStatus wait(std::chrono::milliseconds timeout = forever);

  // Whether any process that it started is running.
  bool running() const;
  // Whether it ended by itself after it was ready: not by stop(), kill(), stopped() or restart(),
  // and not seen by wait(). A daemon, whose main process ended with 0 and left others, dies with
  // the last of these. A launcher, and a SimpleExecutor that ended with 0, have not died.
  bool died() const;
  // Of the main process; 0 if it was never started.
  int pid() const;
  // How the main process ended; std::nullopt if it has not ended since the last start.
  std::optional<ExitStatus> exit_status() const;

  // The value of {port} or {port:name}, which stays the same for the lifetime of the executor. If
  // {port} is not used: the port of the check. Throws std::invalid_argument for a port that neither
  // command nor options nor check use.
  int port(const std::string& name = {}) const;
  // The text with its placeholders filled in.
  std::string expand(std::string_view text) const;
  const std::string& name() const;
  const Command& command() const;
  const Options& options() const;

  Output& output();      // stdout
  Output& err_output();  // stderr
  Input& input();        // stdin

  // Its current state in several lines: command, status, last output.
  std::string report() const;

 protected:
  SimpleExecutor(Command command, std::optional<Check> check, Options options);

  // The two hooks of start(). Called before the start; true: another process is answering already.
  virtual bool pre_start_check();
  // Called repeatedly after the start; true: it is ready.
  virtual bool after_start_check();

  detail::ExecutorImpl& impl() const { return *impl_; }

 private:
  friend class detail::HookProbe;
  friend detail::ExecutorImpl& detail::impl_of(const SimpleExecutor& executor);
  friend class Pause;

  std::unique_ptr<detail::ExecutorImpl> impl_;
};

MIRAKURU_EXPORT std::ostream& operator<<(std::ostream& out, const SimpleExecutor& executor);

// Starts all of them concurrently and returns when every one is ready. If one fails, stops the
// others and throws its error.
MIRAKURU_EXPORT void start_together(const std::vector<SimpleExecutor*>& executors);

}  // namespace mirakuru

#endif  // MIRAKURU_SIMPLE_EXECUTOR_HPP_
