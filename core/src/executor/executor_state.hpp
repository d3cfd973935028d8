// The inside of an executor.
#ifndef MIRAKURU_CORE_SRC_EXECUTOR_EXECUTOR_STATE_HPP_
#define MIRAKURU_CORE_SRC_EXECUTOR_EXECUTOR_STATE_HPP_

#include <sys/types.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/unique_fd.hpp"
#include "mirakuru/check.hpp"
#include "mirakuru/command.hpp"
#include "mirakuru/options.hpp"
#include "mirakuru/output.hpp"
#include "output/log_reader.hpp"
#include "process/service_process.hpp"
#include "resources/placeholder_values.hpp"

namespace mirakuru {
class SimpleExecutor;
}

namespace mirakuru::detail {

class Probe;

// What the service needs of the world, as options and placeholders say.
struct LaunchContext {
  std::map<std::string, std::string> environment;
  std::string cwd;  // empty: the test program's own
};

class ExecutorState {
 public:
  // `waits`: start() asks the hooks; a SimpleExecutor waits for nothing.
  ExecutorState(SimpleExecutor& self, Command command, std::optional<Check> check, bool waits,
                Options options);
  ~ExecutorState();
  ExecutorState(const ExecutorState&) = delete;
  ExecutorState& operator=(const ExecutorState&) = delete;

  const Command& command() const { return command_; }
  // As it is run, with its placeholders filled in.
  std::string command_in_words() const;
  const Options& options() const { return options_; }
  const std::optional<Check>& check() const { return check_; }
  const std::string& name() const { return name_; }
  bool waits() const { return waits_; }
  Output& output(int stream) { return stream == 1 ? out_ : err_; }
  Input& input() { return in_; }
  std::string expand(std::string_view text) const { return placeholder_values_.expand(text); }
  int port(const std::string& name) const;
  PlaceholderValues& placeholder_values() const { return placeholder_values_; }
  LaunchContext launch_context() const;

  // A forked copy of the test program, or a process that stands in for it, has executors whose
  // services are not its own: it neither starts nor stops them, nor listens to their shepherds.
  bool foreign() const;
  // Everything that such a process needs to talk to the service, and how it takes it on.
  std::string handle() const { return placeholder_values_.serialize(); }
  void attach(const std::string& handle);
  // For a process that only reads what the service prints: where that is, since the service was
  // started, and what flush() does.
  void read_from(int number, LogReader log, std::uint64_t begin);
  void flush_by(std::function<void()> flush);

  // The hooks, as SimpleExecutor has them, and their default.
  bool ask_pre_start_check();
  bool ask_after_start_check();
  bool somebody_is_there();
  bool probe_says_ready();

  // The steps of a start; startup.hpp drives them.
  void begin_check();
  void launch();  // throws StartError
  void set_ready();
  void abandon();  // after a failed start: kills what there is
  Probe* probe() const { return probe_.get(); }
  // Whether it is the probe that ask_after_start_check() waits for: a hook that is overridden may
  // leave it out, or want more.
  bool waits_on_probe() const { return probe_was_asked_ && !probe_is_ready_; }
  const std::string& foreign_process() const { return foreign_process_; }  // who was there before
  const std::string& hook_error() const { return hook_error_; }  // what the last hook threw

  // The process. update() takes in what its shepherd has told since.
  void update() const;
  // All that it printed is in the logs then, and its end is known where anybody can have noticed.
  void flush() const;
  const ServiceProcess* process() const { return process_ ? &*process_ : nullptr; }
  bool running() const;
  bool died() const;
  void stop();          // throws ProcessFinishedWithError
  void stop_quietly();  // whatever its status
  void kill();
  ExitStatus wait(std::chrono::milliseconds timeout);
  void pause();
  void resume();

  // Output and input.
  struct CapturedStream {
    LogReader log;
    std::uint64_t begin = 0;  // of the current start
    LineCursor cursor;        // of wait_for() and read_line()
  };
  CapturedStream& stream(int number) const {
    return *streams_[static_cast<std::size_t>(number - 1)];
  }
  UniqueFd& std_in() { return std_in_; }

 private:
  void open_logs();
  void open_streams(LaunchRequest& launch);
  void set_user(LaunchRequest& launch);
  std::string resolve_program(const LaunchContext& launch_context) const;
  [[noreturn]] void fail_to_launch(const LaunchError& error, const std::string& program,
                                   const std::string& cwd) const;
  void end_process(bool at_once);

  SimpleExecutor& self_;
  const Command command_;
  const std::optional<Check> check_;
  const bool waits_;
  const Options options_;
  const std::string name_;
  const bool names_port_;  // {port} occurs
  const pid_t owner_;
  const std::string uuid_;

  mutable PlaceholderValues placeholder_values_;
  mutable std::array<std::optional<CapturedStream>, 2> streams_;
  Output out_;
  Output err_;
  Input in_;

  mutable std::optional<ServiceProcess> process_;
  UniqueFd std_in_;
  std::unique_ptr<Probe> probe_;
  bool probe_was_asked_ = false;
  bool probe_is_ready_ = false;
  std::string foreign_process_;
  std::string hook_error_;
  bool was_ready_ = false;
  bool was_daemon_ = false;         // when it got ready, its main process had ended
  bool end_was_asked_for_ = false;  // stop(), kill()
  bool status_was_seen_ = false;    // by wait()
  bool attached_ = false;
  std::function<void()> remote_flush_;
};

// The inside of any executor.
ExecutorState& state_of(const SimpleExecutor& executor);

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_EXECUTOR_EXECUTOR_STATE_HPP_
