// The loop of a shepherd (see shepherd.hpp).
#include "shepherd.hpp"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <utility>

#include "captured_stream.hpp"
#include "launch.hpp"
#include "process_tree.hpp"
#include "specification.hpp"
#include "termination.hpp"

namespace mirakuru::supervisor {
namespace {

using protocol::Event;
using protocol::EventType;
using protocol::FdSlot;
using protocol::LaunchError;
using protocol::OutputStream;
using protocol::Request;
using protocol::RequestType;
using protocol::Stage;

// The most that is read from a stream before the other descriptors are checked again.
constexpr std::size_t kOneTurn = 256 * 1024;
// The largest size of a pipe (/proc/sys/fs/pipe-max-size): reading this much takes all that was in
// it when the reading began.
constexpr std::size_t kAllWritten = 1024 * 1024;

constexpr std::int64_t kPauseAgainMs = 1;

// How long an answer to a flush waits for an exit to be reported.
constexpr int kExitMs = 100;

class Shepherd {
 public:
  Shepherd(OwnerWatch owner, Fd children, Specification& spec, LaunchedService& service)
      : owner_(std::move(owner)),
        children_(std::move(children)),
        spec_(spec),
        main_(service.main),
        termination_(service.main) {
    echo_target_ = open_echo_target(std::move(spec.fds[FdSlot::kEcho]));
    const protocol::LogLimit* const limits[] = {&spec.head.stdout_log, &spec.head.stderr_log};
    for (std::size_t i = 0; i < 2; ++i) {
      if (!service.outputs[i]) continue;
      outputs_[i].open(std::move(service.outputs[i]));
      outputs_[i].log().open(std::move(spec.fds[FdSlot::kStdout + i]), spec.log_names[i],
                             spec.fds[FdSlot::kLogDir].get(), *limits[i]);
      outputs_[i].echo().open(echo_target_.get(), spec.name);
    }
  }

  void report_start() {
    Event started;
    started.type = EventType::started;
    started.pid = main_;
    send_event(owner_.channel.get(), started);
  }

  void abandon() { termination_.kill(SIGKILL); }

  void run() {
    while (true) {
      enum { kChannel, kPidfd, kLifeline, kChildren, kStdout, kStderr, kCount };
      pollfd fds[kCount] = {};
      fds[kChannel].fd = owner_.channel.get();
      fds[kPidfd].fd = owner_.pidfd.get();
      fds[kLifeline].fd = owner_.lifeline.get();
      fds[kChildren].fd = children_.get();
      fds[kStdout].fd = outputs_[0].fd();
      fds[kStderr].fd = outputs_[1].fd();
      for (pollfd& entry : fds) entry.events = POLLIN;
      poll(fds, kCount, poll_timeout(due()));

      if (fds[kChannel].revents != 0) receive_request();
      if (fds[kPidfd].revents != 0 || fds[kLifeline].revents != 0) on_owner_gone();
      if (fds[kStdout].revents != 0) drain(0, kOneTurn);
      if (fds[kStderr].revents != 0) drain(1, kOneTurn);
      if (fds[kChildren].revents != 0 || is_flushing_) {
        clear_child_signals(children_.get());
        if (!reap()) return finish();
      }
      if (std::exchange(is_flushing_, false)) report_done(flush_number_);
      if (now() >= pause_due_) pause();
      if ((fds[kChildren].revents != 0 || now() >= termination_.due()) && termination_.proceed()) {
        report(EventType::killing);
      }
    }
  }

 private:
  Time due() const { return pause_due_ < termination_.due() ? pause_due_ : termination_.due(); }

  void report(EventType type) {
    Event event;
    event.type = type;
    send_event(owner_.channel.get(), event);
  }

  void report_done(std::uint32_t number) {
    Event event;
    event.type = EventType::done;
    event.number = number;
    send_event(owner_.channel.get(), event);
  }

  void receive_request() {
    Request request;
    const ssize_t size = receive(owner_.channel.get(), &request, sizeof request);
    if (size == 0 || (size < 0 && errno != EAGAIN && errno != EMSGSIZE)) return on_owner_gone();
    if (size != sizeof request) return;
    switch (request.type) {
      case RequestType::stop:
        return stop(request.signal, request.kill_signal, request.timeout_ms);
      case RequestType::kill:
        pause_due_ = kNever;
        return termination_.kill(request.kill_signal);
      case RequestType::pause:
        pause_number_ = request.number;
        return pause();
      case RequestType::resume:
        pause_due_ = kNever;
        is_paused_ = false;
        signal_descendants(SIGCONT);
        return report_done(request.number);
      case RequestType::flush:
        flush_number_ = request.number;
        return flush();
      case RequestType::ping:
        return report_done(request.number);
    }
  }

  void on_owner_gone() {
    // Otherwise they would stay readable.
    owner_.channel.reset();
    owner_.pidfd.reset();
    owner_.lifeline.reset();
    stop(spec_.head.stop_signal, spec_.head.kill_signal, spec_.head.orphan_grace_ms);
  }

  void stop(int signal, int kill_signal, std::int64_t timeout_ms) {
    pause_due_ = kNever;
    termination_.stop(signal, kill_signal, timeout_ms);
    // A main process may be waiting for children that have not been signalled yet.
    if (std::exchange(is_paused_, false)) signal_descendants(SIGCONT);
  }

  // Repeats until no process runs, which takes a moment: signals take effect when the process is
  // next scheduled, and until then it may fork.
  void pause() {
    if (!termination_.has_begun()) {
      is_paused_ = true;
      if (!pause_descendants()) {
        pause_due_ = time_after(kPauseAgainMs);
        return;
      }
    }
    pause_due_ = kNever;
    report_done(pause_number_);
  }

  // Its answer waits until processes that have ended are reaped.
  void flush() {
    if (!main_was_reaped_ && is_exiting(main_)) {
      pollfd child{children_.get(), POLLIN, 0};
      poll(&child, 1, kExitMs);
    }
    drain(0, kAllWritten);
    drain(1, kAllWritten);
    is_flushing_ = true;
  }

  void drain(std::size_t index, std::size_t limit) {
    CapturedStream& output = outputs_[index];
    if (!output.is_open()) return;
    output.drain(limit);
    Event event;
    event.stream = static_cast<OutputStream>(index);
    if ((event.error = output.log().take_error()) != 0) {
      event.type = EventType::log_failed;
      send_event(owner_.channel.get(), event);
    }
    if (!output.is_open()) report_stream_end(index);
  }

  void report_stream_end(std::size_t index) {
    Event event;
    event.type = EventType::stream_ended;
    event.stream = static_cast<OutputStream>(index);
    send_event(owner_.channel.get(), event);
  }

  // False if no process is left.
  bool reap() {
    bool main_has_ended = false;
    Event ended;
    ended.type = EventType::main_ended;
    pid_t pid = 0;
    for (int status = 0; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
      if (pid != main_ || main_was_reaped_) continue;
      main_has_ended = main_was_reaped_ = true;
      ended.status = status;
    }
    const bool some_are_left = pid == 0;
    if (main_has_ended) {
      // First, so that the logs hold all that the main process printed when its end is reported.
      drain(0, kAllWritten);
      drain(1, kAllWritten);
      ended.left = some_are_left ? 1 : 0;
      send_event(owner_.channel.get(), ended);
    }
    return some_are_left;
  }

  void finish() {
    for (std::size_t i = 0; i < 2; ++i) {
      drain(i, kAllWritten);
      if (!outputs_[i].is_open()) continue;
      // A process that is not ours holds it, possibly for ever.
      outputs_[i].close();
      report_stream_end(i);
    }
    report(EventType::all_ended);
    hang_up(owner_.channel.get());
  }

  OwnerWatch owner_;
  const Fd children_;
  const Specification& spec_;
  const pid_t main_;
  bool main_was_reaped_ = false;  // from then on another process may have its pid
  Fd echo_target_;
  CapturedStream outputs_[2];
  Termination termination_;
  bool is_paused_ = false;
  bool is_flushing_ = false;
  std::uint32_t pause_number_ = 0;  // of the pending request
  std::uint32_t flush_number_ = 0;
  Time pause_due_ = kNever;
};

// With the pid, so that messages can name a shepherd that does not answer.
void report_spawn(const OwnerWatch& owner) {
  Event event;
  event.type = EventType::spawned;
  event.shepherd = getpid();
  send_event(owner.channel.get(), event);
}

void report_launch_failure(const OwnerWatch& owner, const LaunchError& error) {
  Event event;
  event.type = EventType::launch_failed;
  event.stage = error.stage;
  event.error = error.error;
  send_event(owner.channel.get(), event);
  hang_up(owner.channel.get());
}

void name_process(const char* service) {
  char name[16];  // the most that the system keeps
  std::snprintf(name, sizeof name, "shepherd:%s", service);
  prctl(PR_SET_NAME, name);
}

}  // namespace

void run_shepherd(OwnerWatch owner) {
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  prctl(PR_SET_NAME, "shepherd");
  report_spawn(owner);

  Specification spec;
  const int error = spec.receive_from(owner);
  // A specification that is too large is also too large for execve(2), which users know.
  if (error == E2BIG) return report_launch_failure(owner, {Stage::exec, error});
  if (error != 0) return report_launch_failure(owner, {Stage::specification, error});
  name_process(spec.name);

  Fd children = open_child_signals();
  if (!children) return report_launch_failure(owner, {Stage::fork, errno});
  LaunchedService service = launch(spec, owner);
  if (service.error.stage != Stage::none) return report_launch_failure(owner, service.error);

  Shepherd shepherd(std::move(owner), std::move(children), spec, service);
  if (service.abandoned) {
    shepherd.abandon();
  } else {
    shepherd.report_start();
  }
  shepherd.run();
}

}  // namespace mirakuru::supervisor
