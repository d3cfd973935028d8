// The supervisor: a detached program that a test program starts once, and that starts a shepherd
// for each of its services. It outlives the test program only until it has ended what the program
// left behind; if a shepherd is killed, it ends what the shepherd left behind.
//
//   mirakuru-supervisor <directory to delete at the end, or "">
//
// See protocol.hpp for the descriptors that it finds open and the messages sent over them.
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <utility>

#include "owner_watch.hpp"
#include "process_tree.hpp"
#include "protocol.hpp"
#include "run_directory.hpp"
#include "shepherd.hpp"
#include "system.hpp"

namespace mirakuru::supervisor {
namespace {

// The interval at which orphans of a killed shepherd are killed again: they may have forked.
constexpr std::int64_t kKillAgainMs = 10;

// If it cannot be sent, the owner has ended, which run() notices.
void send_state(int control, const protocol::SupervisorState& state) {
  send(control, &state, sizeof state, MSG_NOSIGNAL | MSG_DONTWAIT);
}

class Supervisor {
 public:
  Supervisor(Fd control, Fd owner)
      : control_(std::move(control)), owner_(std::move(owner)), children_(open_child_signals()) {
    int ends[2];
    if (!children_ || pipe2(ends, O_CLOEXEC) != 0) {
      error_ = errno;
      return;
    }
    lifeline_.reset(ends[0]);
    lifeline_end_.reset(ends[1]);
  }

  // Reports to the owner. False if the supervisor cannot work.
  bool report_state() {
    protocol::SupervisorState state;
    state.pid = getpid();
    state.error = error_;
    send_state(control_.get(), state);
    return control_ && error_ == 0;
  }

  // Returns when the owner has ended and nothing is left. In a shepherd, which is forked in here,
  // it returns true when the service has ended.
  bool run() {
    while (true) {
      pollfd fds[] = {
          {control_.get(), POLLIN, 0}, {owner_.get(), POLLIN, 0}, {children_.get(), POLLIN, 0}};
      poll(fds, sizeof fds / sizeof *fds, poll_timeout(orphans_due_));

      if (fds[1].revents != 0) on_owner_gone();
      if (control_ && fds[0].revents != 0 && receive_request()) return true;
      if (fds[2].revents != 0) clear_child_signals(children_.get());
      if (fds[2].revents != 0 || now() >= orphans_due_) {
        reap();
        kill_orphans();
      }
      if (!control_ && !has_children()) return false;
    }
  }

 private:
  // True in a shepherd that has finished.
  bool receive_request() {
    protocol::SpawnShepherd request;
    Fd channel;
    std::size_t fd_count = 0;
    const ssize_t size = receive(control_.get(), &request, sizeof request, &channel, 1, &fd_count);
    if (size == 0 || (size < 0 && errno != EAGAIN && errno != EMSGSIZE)) on_owner_gone();
    if (size != sizeof request || fd_count != 1) return false;
    return spawn_shepherd(std::move(channel));
  }

  bool spawn_shepherd(Fd channel) {
    // Room for its pid first: a shepherd that is not in the table would be taken for an orphan.
    const bool has_room = shepherds_.reserve(shepherds_.size() + 1);
    const pid_t pid = has_room ? fork() : -1;
    if (pid < 0) {
      protocol::Event event;
      event.type = protocol::EventType::launch_failed;
      event.stage = protocol::Stage::fork;
      event.error = has_room ? errno : ENOMEM;
      send_event(channel.get(), event);
      hang_up(channel.get());
    } else if (pid > 0) {
      shepherds_.push(pid);
    } else {
      control_.reset();
      children_.reset();
      lifeline_end_.reset();
      run_shepherd({std::move(channel), std::move(owner_), std::move(lifeline_)});
      return true;
    }
    return false;
  }

  void on_owner_gone() {
    control_.reset();
    owner_.reset();  // it would stay readable
    // All shepherds are notified, whichever sign came first: no service is needed any more.
    lifeline_end_.reset();
    // A shepherd that is stopped by SIGSTOP would not notice.
    for (const pid_t shepherd : shepherds_) kill(shepherd, SIGCONT);
  }

  void reap() {
    pid_t pid = 0;
    while ((pid = waitpid(-1, nullptr, WNOHANG)) > 0) shepherds_.remove(pid);
  }

  // A shepherd ends only when its service has no process left, unless it is killed. Then the
  // processes become our children, recognizable as they are not in the table of shepherds.
  void kill_orphans() {
    PidList children;
    append_children(children);
    PidList orphans;
    for (const pid_t child : children) {
      if (!shepherds_.contains(child)) orphans.push(child);
    }
    append_descendants(orphans);
    for (const pid_t pid : orphans) kill(pid, SIGKILL);
    orphans_due_ = orphans.size() == 0 ? kNever : time_after(kKillAgainMs);
  }

  static bool has_children() {
    siginfo_t info{};
    return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
  }

  Fd control_;  // closed when the owner has ended
  Fd owner_;
  Fd children_;
  Fd lifeline_;
  Fd lifeline_end_;
  List<pid_t> shepherds_;
  Time orphans_due_ = kNever;
  int error_ = 0;
};

bool close_listed_descriptors(int first) {
  DIR* const listing = opendir("/proc/self/fd");
  if (listing == nullptr) return false;
  while (const dirent* entry = readdir(listing)) {
    const int fd = std::atoi(entry->d_name);
    if (fd >= first && fd != dirfd(listing)) close(fd);
  }
  closedir(listing);
  return true;
}

// No descriptor of the test program may stay open in here: the reader of its stdout, for example,
// would wait for us.
void close_inherited_descriptors() {
  constexpr int kFirst = protocol::kOwnerFd + 1;
  if (close_from(kFirst) || close_listed_descriptors(kFirst)) return;
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  for (rlim_t fd = kFirst; fd < limit.rlim_cur; ++fd) close(static_cast<int>(fd));
}

// Keeps the numbers 0 to 2 occupied, so that nothing else is ever opened there.
void open_null_descriptors() {
  int null = open("/dev/null", O_RDWR);
  if (null < 0) null = open("/", O_PATH);  // without /dev: only occupies the number
  for (int fd = 0; fd < 3; ++fd) dup2(null, fd);
  if (null > 2) close(null);
}

Fd take_inherited(int fd) { return Fd(fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 ? fd : -1); }

int supervise(const char* run_directory) {
  setsid();
  if (chdir("/") != 0) return 1;
  take_over_signals();
  Fd control = take_inherited(protocol::kControlFd);
  Fd owner = take_inherited(protocol::kOwnerFd);
  close_inherited_descriptors();
  open_null_descriptors();
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  prctl(PR_SET_NAME, "mirakuru-superv");  // 15 characters, the most that the system keeps

  Supervisor supervisor(std::move(control), std::move(owner));
  if (!supervisor.report_state()) return 1;
  const bool is_shepherd = supervisor.run();
  if (!is_shepherd && run_directory[0] != '\0') delete_run_directory(run_directory);
  return 0;
}

}  // namespace
}  // namespace mirakuru::supervisor

int main(int argc, char** argv) {
  namespace supervisor = mirakuru::supervisor;
  namespace protocol = mirakuru::protocol;
  // Before the fork: this may be the first process of a pid namespace, and its end would end all
  // others of the namespace.
  if (supervisor::proc_is_foreign()) {
    protocol::SupervisorState state;
    state.has_foreign_proc = 1;
    supervisor::send_state(protocol::kControlFd, state);
    return 1;
  }
  // The test program reaps the process that it started at once, and gets no child that it does not
  // know of.
  const pid_t pid = fork();
  if (pid != 0) _exit(pid > 0 ? 0 : 1);
  return supervisor::supervise(argc > 1 ? argv[1] : "");
}
