// Streams, fork, and what the child does before it executes the service's program.
#include "launch.hpp"

#include <fcntl.h>
#include <grp.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>

#include <cerrno>
#include <climits>
#include <csignal>
#include <utility>

namespace mirakuru::supervisor {
namespace {

using protocol::Stage;
using protocol::StreamMode;

// The two ends of an output stream.
struct StreamEnds {
  Fd ours;
  Fd theirs;
};

bool open_pipe(StreamEnds& stream) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return false;
  stream.ours.reset(ends[0]);
  stream.theirs.reset(ends[1]);
  return true;
}

bool open_terminal(StreamEnds& stream) {
  stream.ours.reset(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  const int master = stream.ours.get();
  if (!stream.ours || grantpt(master) != 0 || unlockpt(master) != 0) return false;
  char path[PATH_MAX];
  const int error = ptsname_r(master, path, sizeof path);
  if (error != 0) {
    errno = error;
    return false;
  }
  stream.theirs.reset(open(path, O_RDWR | O_NOCTTY | O_CLOEXEC));
  termios mode{};
  if (!stream.theirs || tcgetattr(stream.theirs.get(), &mode) != 0) return false;
  mode.c_oflag &= ~static_cast<tcflag_t>(ONLCR);  // the log must hold what the program wrote
  winsize size{};
  size.ws_row = 24;
  size.ws_col = 80;
  return tcsetattr(stream.theirs.get(), TCSANOW, &mode) == 0 &&
         ioctl(master, TIOCSWINSZ, &size) == 0;
}

bool open_stream(StreamMode mode, Fd& given, const protocol::Spec& spec, StreamEnds& stream) {
  if (mode == StreamMode::merged) return true;
  if (mode == StreamMode::direct) {
    stream.theirs = std::move(given);
    return true;
  }
  const bool opened = mode == StreamMode::capture ? open_pipe(stream) : open_terminal(stream);
  if (!opened || fcntl(stream.ours.get(), F_SETFL, O_NONBLOCK) != 0) return false;
  // Another user can reopen /dev/stdout only if it owns the file behind it. An error is harmless
  // for the many programs that never do.
  if (spec.change_user != 0) (void)!fchown(stream.theirs.get(), spec.uid, spec.gid);
  return true;
}

// From here on, in the child.

bool become_user(const Specification& spec) {
  const protocol::Spec& head = spec.head;
  return head.change_user == 0 || (setgroups(head.group_count, spec.groups) == 0 &&
                                   setgid(head.gid) == 0 && setuid(head.uid) == 0);
}

[[noreturn]] void fail(int report, Stage stage) {
  const protocol::LaunchError error{stage, errno};
  (void)!write(report, &error, sizeof error);
  _exit(127);
}

// `std_fds`: -1 means /dev/null.
[[noreturn]] void become_service(const Specification& spec, const int (&std_fds)[3], int report,
                                 pid_t shepherd) {
  setsid();
  // Their numbers are all above 2, as this program has /dev/null open at 0 to 2, so none is
  // overwritten.
  for (int slot = 0; slot < 3; ++slot) {
    if (std_fds[slot] >= 0 && dup2(std_fds[slot], slot) < 0) fail(report, Stage::streams);
  }
  if (!become_user(spec)) fail(report, Stage::user);
  // As the new user: a directory that it may not enter must not become its working directory.
  const Fd& cwd = spec.fds[protocol::kCwd];
  if (cwd && fchdir(cwd.get()) != 0) fail(report, Stage::cwd);

  // If the shepherd is killed, the supervisor cleans up; this is for the case that both are killed.
  // A change of user clears it, so it comes after that.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != shepherd) _exit(127);

  // Our descriptors are close-on-exec already; this is for those that a library may have opened.
  constexpr unsigned kCloseOnExec = 1U << 2;  // CLOSE_RANGE_CLOEXEC, Linux 5.11
  close_from(3, kCloseOnExec);
  give_back_signals();
  execve(spec.program, spec.arguments, spec.environment);
  fail(report, Stage::exec);
}

}  // namespace

LaunchedService launch(Specification& spec, const OwnerWatch& owner) {
  LaunchedService service;
  const auto failed = [&service](Stage stage) {
    service.error = {stage, errno};
    return std::move(service);
  };

  StreamEnds out;
  StreamEnds err;
  StreamEnds report;  // closed by a successful exec
  if (!open_stream(spec.head.stdout_mode, spec.fds[protocol::kStdout], spec.head, out) ||
      !open_stream(spec.head.stderr_mode, spec.fds[protocol::kStderr], spec.head, err) ||
      !open_pipe(report)) {
    return failed(Stage::streams);
  }

  const bool is_merged = spec.head.stderr_mode == StreamMode::merged;
  const int std_fds[3] = {spec.fds[protocol::kStdin].get(), out.theirs.get(),
                          (is_merged ? out : err).theirs.get()};
  const pid_t shepherd = getpid();
  service.main = fork();
  if (service.main < 0) return failed(Stage::fork);
  if (service.main == 0) become_service(spec, std_fds, report.theirs.get(), shepherd);

  spec.fds[protocol::kStdin].reset();
  spec.fds[protocol::kCwd].reset();
  out.theirs.reset();
  err.theirs.reset();
  report.theirs.reset();

  if (!owner.wait_readable(report.ours.get())) {
    service.abandoned = true;
    return service;
  }
  if (read(report.ours.get(), &service.error, sizeof service.error) > 0) {
    waitpid(service.main, nullptr, 0);
    return service;
  }
  service.outputs[0] = std::move(out.ours);
  service.outputs[1] = std::move(err.ours);
  return service;
}

}  // namespace mirakuru::supervisor
