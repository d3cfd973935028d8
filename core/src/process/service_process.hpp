// One started service: its main process and all its descendants, as its shepherd reports them.
#ifndef MIRAKURU_CORE_SRC_PROCESS_SERVICE_PROCESS_HPP_
#define MIRAKURU_CORE_SRC_PROCESS_SERVICE_PROCESS_HPP_

#include <sys/types.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"
#include "base/waiting.hpp"
#include "mirakuru/exit_status.hpp"
#include "output/output_stream.hpp"
#include "supervisor/protocol.hpp"

namespace mirakuru::detail {

using protocol::LaunchError;

// What to launch. Everything is resolved: no placeholders, no PATH search.
struct LaunchRequest {
  std::string name;  // for messages
  std::string program;
  std::vector<std::string> arguments;    // including argv[0]
  std::vector<std::string> environment;  // "NAME=value"
  std::array<std::string, 2> log_names;  // of captured stdout and stderr, in the log directory
  protocol::Spec spec;                   // modes, log limits, signals, user; counts are filled in
  std::vector<std::uint32_t> groups;
  std::array<UniqueFd, protocol::kFdSlots> fds;  // empty ones are not sent
};

// If a helper (the supervisor or the shepherd) does not answer, for example because it was stopped
// by SIGSTOP, the call that waits for it throws TimeoutExpired, which names it. Such a shepherd
// ends its service as soon as it continues.
class ServiceProcess {
 public:
  // Requests the launch without waiting for it: update() and wait() drive it, until launched() or
  // launch_error() reports the result. Throws std::system_error if no supervisor can be started.
  explicit ServiceProcess(LaunchRequest request);

  // The program runs, or has run.
  bool launched() const { return pid_ != 0; }
  const std::optional<LaunchError>& launch_error() const { return launch_error_; }
  // When a helper that reports neither counts as not answering: at `deadline`, or earlier if it is
  // the supervisor, whose answer takes no time of the service.
  Deadline launch_deadline(Deadline deadline) const {
    return shepherd_ != 0 ? deadline : std::min(deadline, supervisor_deadline_);
  }
  // Throws TimeoutExpired, which names the helper.
  [[noreturn]] void give_up_launch();

  // Adds what to wait for before the next update().
  void wait_on(WaitSet& set) const;
  // Processes what has been reported since the last call; does not block.
  void update();
  // The same for all that happened before the call, whether an end or a line of output: asks the
  // shepherd, which takes tens of microseconds.
  void flush();
  // Sleeps until something happens, or until the deadline.
  void wait(Deadline deadline);

  pid_t pid() const { return pid_; }
  pid_t shepherd() const { return shepherd_; }
  // Nullopt while it runs, and if the status is not known because its shepherd was lost.
  const std::optional<ExitStatus>& main_status() const { return main_status_; }
  // The main process ended, but left other processes behind: it became a daemon.
  bool left_others() const { return left_others_; }
  // No process of the service is left, or its state is no longer known (see lost()).
  bool all_ended() const { return all_ended_; }
  // No more output will come.
  bool stream_ended(OutputStream stream) const;
  // The errno for which output was lost; 0 if none was lost.
  int log_error(OutputStream stream) const { return log_errors_[index_of(stream)]; }
  // The timeout of stop() expired before the service had ended.
  bool had_to_be_killed() const { return had_to_be_killed_; }
  // Its shepherd was killed, which ends the service, or was given up.
  bool lost() const { return lost_; }
  // "its shepherd (pid 4242), the process that watches over it, was killed".
  std::string loss_in_words() const;

  // These return when no process is left.
  void stop(int stop_signal, std::chrono::milliseconds timeout, int kill_signal);
  void kill(int kill_signal);
  // These return when it is done.
  void pause();
  void resume();

 private:
  void begin_launch();
  void send_launch();
  bool send_next_message();
  void fail_launch(LaunchError error);
  void end_launch_without_reason();

  void take(const protocol::Event& event);
  bool receive(protocol::Event& event);
  void lose();

  // Returns the number of the request.
  std::uint32_t send(protocol::Request request);
  void send_and_wait_until_done(protocol::RequestType type);
  void send_and_wait_until_all_ended(const protocol::Request& request);
  template <typename Condition>
  void wait_until(Condition condition);
  [[noreturn]] void give_up(std::chrono::milliseconds silence);
  std::string helper_in_words() const;

  std::string name_;
  UniqueFd channel_;
  pid_t pid_ = 0;
  pid_t shepherd_ = 0;

  // The launch in progress.
  std::optional<LaunchRequest> request_;
  std::string specification_;
  std::size_t bytes_sent_ = 0;
  bool header_is_sent_ = false;
  bool is_sending_ = false;
  int attempts_ = 0;
  Clock::time_point begin_;
  Deadline supervisor_deadline_ = Deadline::never();
  std::optional<LaunchError> launch_error_;

  std::optional<ExitStatus> main_status_;
  bool left_others_ = false;
  bool all_ended_ = false;
  bool had_to_be_killed_ = false;
  bool lost_ = false;
  bool was_given_up_ = false;
  std::uint32_t last_number_ = 0;     // of the last request
  std::uint32_t awaited_number_ = 0;  // 0: not waiting for an answer
  std::uint64_t events_ = 0;          // how many were received
  std::array<bool, 2> streams_ended_{};
  std::array<int, 2> log_errors_{};
};

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_PROCESS_SERVICE_PROCESS_HPP_
