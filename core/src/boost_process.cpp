// Boost.Process 1.81 has defects that are worked around here; each is named where it is.
#include "boost_process.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
// What <boost/process/v2/environment.hpp> forgets to include where the standard filesystem is used.
#include <boost/optional.hpp>
#include <boost/type_traits/is_constructible.hpp>
#include <boost/type_traits/remove_pointer.hpp>
#include <memory>
//
#include <boost/process/v2/environment.hpp>
#include <boost/process/v2/posix/vfork_launcher.hpp>
#include <boost/process/v2/process.hpp>
#include <cerrno>
#include <csignal>
#include <string>
#include <system_error>
#include <unordered_map>
#include <vector>

#include "supervisor/protocol.hpp"

namespace mirakuru::detail {
namespace {

namespace process = boost::process::v2;

// Runs in the child between vfork and exec, in the parent's memory: only system calls here.
class SupervisorStart {
 public:
  SupervisorStart(int control, int owner) : fds_{control, owner} {}

  template <typename Launcher, typename Path>
  process::error_code on_exec_setup(Launcher&, const Path&, const char* const*) const {
    // The supervisor unblocks and resets signals itself; what is ignored stays so through exec, and
    // it must not be: with SIGCHLD ignored nobody has children to wait for.
    ::signal(SIGCHLD, SIG_DFL);
    // Through numbers above the wanted ones, as these may be taken by one another.
    constexpr int kAside = 10;
    std::array<int, 2> aside{};
    for (std::size_t i = 0; i < aside.size(); ++i) {
      aside[i] = fds_[i] < 0 ? -1 : ::fcntl(fds_[i], F_DUPFD_CLOEXEC, kAside);
    }
    const std::array<int, 2> wanted{protocol::kControlFd, protocol::kOwnerFd};
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (aside[i] < 0) {
        ::close(wanted[i]);
      } else {
        ::dup2(aside[i], wanted[i]);
      }
    }
    return {};
  }

  // Without this, the child would run the test program's atexit handlers where exec fails. Boost
  // asks for the hook with five arguments and calls it with four, hence the template.
  template <typename... Ignored>
  void on_exec_error(Ignored&&...) const {
    ::_exit(127);
  }

 private:
  std::array<int, 2> fds_;
};

// Boost's launcher closes the child's descriptors; those for the supervisor must stay.
struct SupervisorLauncher : process::posix::vfork_launcher {
  SupervisorLauncher() {
    static const char* const kEmpty[] = {nullptr};
    env = kEmpty;
    fd_whitelist.push_back(protocol::kControlFd);
    fd_whitelist.push_back(protocol::kOwnerFd);
  }
};

}  // namespace

std::string find_program(const std::string& name, const std::string& path) {
  const std::unordered_map<process::environment::key, process::environment::value> environment{
      {"PATH", path}};
  return process::environment::find_executable(name, environment).string();
}

void launch_supervisor(const std::string& executable, const std::string& folder_to_delete,
                       int control, int owner) {
  // vfork, since a fork of a test program with gigabytes of memory takes tens of milliseconds. The
  // child shares our memory, so no signal handler of ours may run in it.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  boost::asio::io_context context;
  process::error_code error;
  SupervisorLauncher launcher;
  try {
    launcher(context.get_executor(), error, executable, std::vector<std::string>{folder_to_delete},
             SupervisorStart(control, owner))
        .detach();
  } catch (const boost::system::system_error&) {
    // Boost opens a pidfd of the child last, and throws where the child has ended by then and
    // somebody else has seen it: the supervisor runs.
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (error) {
    throw std::system_error(error.value(), std::generic_category(), "cannot run " + executable);
  }

  // The program detaches itself at once: the child that we see ends as soon as the supervisor
  // proper is up, with 0. It is waited for by its pid, past Boost, since the test program may wait
  // for any child, or ignore SIGCHLD, and so take the status from us.
  int status = 0;
  while (::waitpid(launcher.pid, &status, 0) < 0) {
    if (errno != EINTR) return;  // ECHILD: somebody else has seen its end
  }
  if (status != 0) {
    throw std::system_error(ENOEXEC, std::generic_category(), "cannot run " + executable);
  }
}

}  // namespace mirakuru::detail
