// Implementation of SimpleExecutor and of all that derive from it: its options, and the life of the
// service, from the steps of a start (called by start.hpp) to its end. launch.hpp turns options
// into a process, service_streams.hpp connects its streams, and placeholder_values.hpp holds the
// values of its placeholders.
#ifndef MIRAKURU_CORE_SRC_EXECUTOR_EXECUTOR_IMPL_HPP_
#define MIRAKURU_CORE_SRC_EXECUTOR_EXECUTOR_IMPL_HPP_

#include <sys/types.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "checks/hook_probe.hpp"
#include "checks/probe.hpp"
#include "executor/service_streams.hpp"
#include "mirakuru/check.hpp"
#include "mirakuru/command.hpp"
#include "mirakuru/errors.hpp"
#include "mirakuru/options.hpp"
#include "process/service_process.hpp"
#include "resources/placeholder_values.hpp"

namespace mirakuru {
class SimpleExecutor;
}

namespace mirakuru::detail {

class ExecutorImpl final : public ProbeContext {
 public:
  // `waits`: start() waits until the hooks report ready; a SimpleExecutor does not wait.
  ExecutorImpl(SimpleExecutor& self, Command command, std::optional<Check> check, bool waits,
               Options options);
  ~ExecutorImpl() override;
  ExecutorImpl(const ExecutorImpl&) = delete;
  ExecutorImpl& operator=(const ExecutorImpl&) = delete;

  // What the constructor was given.
  const Command& command() const { return command_; }
  const std::optional<Check>& check() const { return check_; }
  bool waits() const { return waits_; }
  PlaceholderValues& placeholder_values() const { return values_; }
  int port(const std::string& name) const;

  // Implements ProbeContext.
  const std::string& name() const override { return name_; }
  const Options& options() const override { return options_; }
  std::string expand(std::string_view text) const override { return values_.expand(text); }
  LaunchContext launch_context() const override;
  std::string directory() const override { return values_.directory().path(); }
  pid_t root_process() const override { return process_ ? process_->shepherd() : 0; }
  ServiceLog& log(OutputStream stream) const override { return streams_.log(stream); }
  int log_error(OutputStream stream) const override;

  ServiceStreams& streams() const { return streams_; }

  // Forks of the test program, and processes that use its services, have executors whose services
  // belong to another process: they neither start nor stop them, nor read from their shepherds.
  bool is_owned_elsewhere() const;
  // All that such a process needs to use the service, and the way to adopt it.
  std::string serialize() const { return values_.serialize(); }
  void adopt(const std::string& serialized);

  // The steps of a start.
  void prepare_start();
  HookProbe& probe() { return *probe_; }
  void launch();
  // Whether the program runs by now. Throws StartError if it cannot be run, and TimeoutExpired if a
  // helper has not answered by the deadline.
  bool is_launched(Deadline deadline);
  void wait_on_launch(WaitSet& set, Deadline deadline) const;
  void set_ready();
  void abandon();  // after a failed start: kills what was started

  // Processes what the shepherd has reported since the last call.
  void update() const;
  // Afterwards the logs hold all that was printed before the call, and every end that others can
  // have noticed is known.
  void flush() const;
  // Null until the program of the first start runs.
  const ServiceProcess* process() const {
    return process_ && process_->launched() ? &*process_ : nullptr;
  }
  bool running() const;
  bool died() const;
  void stop();          // throws ProcessFinishedWithError
  void stop_quietly();  // ignores the exit status
  void kill();
  ExitStatus wait(std::chrono::milliseconds timeout);
  void pause();
  void resume();

 private:
  void end_process(bool at_once);
  [[noreturn]] void fail_to_launch(const StartError& error) const;
  [[noreturn]] void fail_as_finished(ExitStatus status, bool was_running) const;

  SimpleExecutor& self_;
  const Command command_;
  const std::optional<Check> check_;
  const bool waits_;
  const Options options_;
  const std::string name_;
  const pid_t owner_;
  const std::string mark_;  // marks its processes; see launch_context_of()

  mutable PlaceholderValues values_;
  mutable ServiceStreams streams_;
  mutable std::optional<ServiceProcess> process_;
  // Of the launch in progress, for its error message.
  LaunchContext launch_context_;
  std::string program_;
  std::unique_ptr<HookProbe> probe_;
  bool was_ready_ = false;
  bool end_was_asked_for_ = false;  // by stop() or kill()
  bool status_was_seen_ = false;    // returned by wait(), reported by stop(), or to be ignored
  bool adopted_ = false;
};

// The implementation of any executor.
ExecutorImpl& impl_of(const SimpleExecutor& executor);

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_EXECUTOR_EXECUTOR_IMPL_HPP_
