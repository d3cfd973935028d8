// SimpleExecutor: starts a process, waits for nothing, stops it with everything that it started.
// Base of all the rest.
//
//   mirakuru::SimpleExecutor worker("./worker --verbose");
//   worker.start();
//   ...
//   worker.stop();   // or let it go out of scope
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
class ExecutorState;
ExecutorState& state_of(const SimpleExecutor& executor);
}  // namespace detail

// While it lives, the executor is down. What SimpleExecutor::stopped() returns.
class [[nodiscard]] MIRAKURU_EXPORT Outage {
 public:
  // Up again, and ready. Throws what start() throws, unless an exception is on its way already.
  ~Outage() noexcept(false);
  Outage(const Outage&) = delete;
  Outage& operator=(const Outage&) = delete;
  // Ends the outage now; for those who do not want a destructor that throws.
  void end();

 private:
  friend class SimpleExecutor;
  explicit Outage(SimpleExecutor& executor);

  SimpleExecutor* executor_;
  int exceptions_;
};

// While it lives, no process of the executor runs. What SimpleExecutor::paused() returns.
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
  // Starts nothing. Throws std::invalid_argument for what is wrong with the arguments.
  explicit SimpleExecutor(Command command, Options options = {});
  // Stops it as stop() does, but throws nothing.
  virtual ~SimpleExecutor();
  // Not copied. `volatile`, so that SimpleExecutor({"./worker"}) can only mean a list of words:
  // nothing that is made for the call binds to it.
  SimpleExecutor(const volatile SimpleExecutor&) = delete;
  SimpleExecutor& operator=(const SimpleExecutor&) = delete;

  // Starts the process and returns once it is ready. Harmless where it runs already. Where it
  // fails, nothing of it is left running. Throws
  // - AlreadyRunning where somebody answers before the start,
  // - StartError where the system refuses to run the program,
  // - ProcessExitedWithError where it ends before it is ready,
  // - StartupFailed where it says that it failed,
  // - TimeoutExpired where it is not ready within Options::start_timeout.
  SimpleExecutor& start();

  // The stop signal to all of its processes; after Options::stop_timeout the kill signal; returns
  // when none is left. Harmless where nothing runs. Throws ProcessFinishedWithError where the main
  // process ended with a wrong status, be it now or before; a status that wait() has handed out is
  // not thrown again.
  SimpleExecutor& stop();

  // The kill signal to all of its processes; returns when none is left. Harmless where nothing
  // runs. The status does not matter.
  SimpleExecutor& kill();

  // Stops it, whatever its status was, and starts it again on the same ports. Throws as start().
  SimpleExecutor& restart();

  // Down while the guard lives; up again, and ready, afterwards. What is not running is left alone,
  // then as now.
  Outage stopped();

  // All of its processes are held by SIGSTOP while the guard lives.
  Pause paused();

  // Waits for the end of the main process. Throws TimeoutExpired, or ExecutorError where it was
  // never started.
  ExitStatus wait(std::chrono::milliseconds timeout = forever);

  // Whether any process that it started lives.
  bool running() const;
  // Whether it was ready once and ended since without being asked to by stop(), kill() or a guard,
  // unseen by wait().
  bool died() const;
  // Of the main process; 0 where it was never started.
  int pid() const;
  // How the main process ended, where it has since the last start.
  std::optional<ExitStatus> exit_status() const;

  // The number that {port} or {port:name} stands for; the same until the executor goes. Without
  // {port} in use: the port that its check names.
  int port(const std::string& name = {}) const;
  // The text with its placeholders filled in.
  std::string expand(std::string_view text) const;
  const std::string& name() const;
  const Command& command() const;
  const Options& options() const;

  Output& output();      // stdout
  Output& err_output();  // stderr
  Input& input();        // stdin

  // What is known of it now, in several lines: command, state, last output.
  std::string report() const;

 protected:
  SimpleExecutor(Command command, std::optional<Check> check, Options options);

  // The two hooks of start(). Asked before the start; true: somebody else is there already.
  virtual bool pre_start_check();
  // Asked again and again after the start; true: it is ready.
  virtual bool after_start_check();

  detail::ExecutorState& state() const { return *state_; }

 private:
  friend class detail::ExecutorState;
  friend detail::ExecutorState& detail::state_of(const SimpleExecutor& executor);
  friend class Pause;

  std::unique_ptr<detail::ExecutorState> state_;
};

MIRAKURU_EXPORT std::ostream& operator<<(std::ostream& out, const SimpleExecutor& executor);

// Starts all of them side by side and returns once every one is ready. Where one fails, the others
// are stopped and its error is thrown.
MIRAKURU_EXPORT void start_together(const std::vector<SimpleExecutor*>& executors);

}  // namespace mirakuru

#endif  // MIRAKURU_SIMPLE_EXECUTOR_HPP_
