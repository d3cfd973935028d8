// One started service: its main process and everything that came of it, as its shepherd tells.
#ifndef MIRAKURU_CORE_SRC_PROCESS_SERVICE_PROCESS_HPP_
#define MIRAKURU_CORE_SRC_PROCESS_SERVICE_PROCESS_HPP_

#include <sys/types.h>

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

// What to start. Everything is resolved: no placeholders, no PATH search.
struct LaunchRequest {
  std::string name;
  std::string program;
  std::vector<std::string> arguments;    // with argv[0]
  std::vector<std::string> environment;  // "NAME=value"
  std::array<std::string, 2> log_names;  // of captured stdout and stderr, in the log directory
  protocol::Spec spec;                   // modes, log limits, signals, user; counts are filled in
  std::vector<std::uint32_t> groups;
  std::array<UniqueFd, protocol::kFdSlots> fds;  // empty ones are not sent
};

// Why a launch failed.
struct LaunchFailure {
  protocol::Stage stage;
  int error;  // an errno
};

class ServiceProcess {
 public:
  // Returns when the program runs. Throws LaunchFailure, or std::system_error where there is no
  // supervisor to be had.
  explicit ServiceProcess(LaunchRequest request);

  // Readable when there is something for update().
  int fd() const { return channel_.get(); }
  // Takes in what has happened since; does not block.
  void update();
  // The same, of all that happened before the call, be it an end or a line of output: asks the
  // shepherd, which takes tens of microseconds.
  void flush();
  // Sleeps until something happens, or the deadline.
  void wait(Deadline deadline);

  pid_t pid() const { return pid_; }
  pid_t shepherd() const { return shepherd_; }
  const std::optional<ExitStatus>& main_status() const { return main_status_; }
  // The main process ended, but left others behind: it turned itself into a daemon.
  bool left_others() const { return left_others_; }
  bool all_ended() const { return all_ended_; }
  // No more output will come.
  bool stream_ended(OutputStream stream) const;
  // The errno for which output was lost; 0 where none was.
  int log_error(OutputStream stream) const { return log_errors_[index_of(stream)]; }
  // The stop signal did not do.
  bool had_to_be_killed() const { return had_to_be_killed_; }
  // Its shepherd was killed, which took the service with it.
  bool lost() const { return lost_; }

  // Each returns when no process is left.
  void stop(int stop_signal, std::chrono::milliseconds timeout, int kill_signal);
  void kill(int kill_signal);
  // Each returns when it is done.
  void pause();
  void resume();

 private:
  void send(const protocol::Request& command);
  void send_and_wait_for_done(protocol::RequestType type);
  void wait_until_all_ended();
  void take(const protocol::Event& event);
  bool receive(protocol::Event& event);

  UniqueFd channel_;
  pid_t pid_ = 0;
  pid_t shepherd_ = 0;
  std::optional<LaunchFailure> failure_;
  std::optional<ExitStatus> main_status_;
  bool left_others_ = false;
  bool all_ended_ = false;
  bool had_to_be_killed_ = false;
  bool lost_ = false;
  int done_ = 0;  // how many `done` have come
  std::array<bool, 2> streams_ended_{};
  std::array<int, 2> log_errors_{};
};

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_PROCESS_SERVICE_PROCESS_HPP_
