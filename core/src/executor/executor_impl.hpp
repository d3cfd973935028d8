// Implementation of SimpleExecutor and of all that derive from it: what was asked for, and the life
// of the service, from the steps of a start (start.hpp takes them) to its end. How options become a
// process is in launch.hpp, where its streams lead in service_streams.hpp, and what its
// placeholders stand for in placeholder_values.hpp.
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
  // `waits`: start() waits until the hooks say ready; a SimpleExecutor waits for nothing.
  ExecutorImpl(SimpleExecutor& self, Command command, std::optional<Check> check, bool waits,
               Options options);
  ~ExecutorImpl() override;
  ExecutorImpl(const ExecutorImpl&) = delete;
  ExecutorImpl& operator=(const ExecutorImpl&) = delete;

  // What was asked for.
  const Command& command() const { return command_; }
  const std::optional<Check>& check() const { return check_; }
  bool waits() const { return waits_; }
  PlaceholderValues& placeholder_values() const { return values_; }
  int port(const std::string& name) const;

  // As ProbeContext.
  const std::string& name() const override { return name_; }
  const Options& options() const override { return options_; }
  std::string expand(std::string_view text) const override { return values_.expand(text); }
  LaunchContext launch_context() const override;
  std::string directory() const override { return values_.directory().path(); }
  pid_t root_process() const override { return process_ ? process_->shepherd() : 0; }
  ServiceLog& log(OutputStream stream) const override { return streams_.log(stream); }
  int log_error(OutputStream stream) const override;

  ServiceStreams& streams() const { return streams_; }

  // A fork of the test program, or a process that uses its services, has executors whose services
  // are not its own: it neither starts nor stops them, nor listens to their shepherds.
  bool is_owned_elsewhere() const;
  // All that such a process needs to use the service, and how it takes that over.
  std::string serialize() const { return values_.serialize(); }
  void adopt(const std::string& serialized);

  // The steps of a start.
  void prepare_start();
  HookProbe& probe() { return *probe_; }
  void launch();
  // Whether the program runs by now. Throws StartError where it cannot be run, and TimeoutExpired
  // where a helper has not answered by then.
  bool is_launched(Deadline deadline);
  void wait_on_launch(WaitSet& set, Deadline deadline) const;
  void set_ready();
  void abandon();  // after a failed start: kills what there is

  // update() takes in what the shepherd has told since.
  void update() const;
  // Afterwards the logs hold all that was printed before, and an end that anybody can have noticed
  // is known.
  void flush() const;
  // Null until the program of the first start runs.
  const ServiceProcess* process() const {
    return process_ && process_->launched() ? &*process_ : nullptr;
  }
  bool running() const;
  bool died() const;
  void stop();          // throws ProcessFinishedWithError
  void stop_quietly();  // whatever its status
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
  const std::string mark_;  // of its processes; see launch_context_of()

  mutable PlaceholderValues values_;
  mutable ServiceStreams streams_;
  mutable std::optional<ServiceProcess> process_;
  // Of the launch that is under way, for its failure.
  LaunchContext launch_context_;
  std::string program_;
  std::unique_ptr<HookProbe> probe_;
  bool was_ready_ = false;
  bool was_daemon_ = false;         // when it got ready, its main process had ended
  bool end_was_asked_for_ = false;  // stop(), kill()
  bool status_was_seen_ = false;    // by wait()
  bool adopted_ = false;
};

// Of any executor.
ExecutorImpl& impl_of(const SimpleExecutor& executor);

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_EXECUTOR_EXECUTOR_IMPL_HPP_
