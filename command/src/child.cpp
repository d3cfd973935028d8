#include "child.hpp"

#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/process/v2/process.hpp>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <system_error>

#include "linux/pidfd.hpp"

namespace mirakuru::command {
namespace {

namespace process = boost::process::v2;

// Boost.Process calls these hooks around its fork and exec. They are variadic because releases
// before 1.88 silently skip an on_exec_error() or on_error() that has the documented parameters.
class ExecByPath {
 public:
  explicit ExecByPath(std::vector<std::string> words) : words_(std::move(words)) {
    for (std::string& word : words_) arguments_.push_back(word.data());
    arguments_.push_back(nullptr);
  }

  // In the child. Boost would search no PATH, replace argv[0] by the path, and close descriptors
  // that this program was given to pass on (make's jobserver); so the exec is made here. Where it
  // fails, Boost reports errno to the parent.
  template <typename... Ignored>
  boost::system::error_code on_exec_setup(Ignored&&...) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    execvp(arguments_[0], arguments_.data());
    return {errno, boost::system::system_category()};
  }
  // In the child. Boost would call exit(), and with it this program's exit handlers.
  template <typename... Ignored>
  void on_exec_error(Ignored&&...) {
    _exit(127);
  }
  // In the parent: releases before 1.88 leave a zombie.
  template <typename Launcher, typename... Ignored>
  void on_error(Launcher& launcher, Ignored&&...) {
    if (launcher.pid > 0) waitpid(launcher.pid, nullptr, 0);
  }

 private:
  std::vector<std::string> words_;
  std::vector<char*> arguments_;
};

process::process start(boost::asio::io_context& context, const std::vector<std::string>& words) {
  try {
    return process::process(context, words.front(), std::vector<std::string>{}, ExecByPath(words));
  } catch (const boost::system::system_error& error) {
    throw std::system_error(error.code().value(), std::generic_category(),
                            "cannot run " + words.front());
  }
}

}  // namespace

struct Child::Process {
  explicit Process(const std::vector<std::string>& words) : process(start(context, words)) {}

  boost::asio::io_context context;
  process::process process;
};

Child::Child(const std::vector<std::string>& words,
             const std::map<std::string, std::string>& variables) {
  for (const auto& [name, value] : variables) setenv(name.c_str(), value.c_str(), 1);
  process_ = std::make_unique<Process>(words);
  pidfd_ = detail::os::open_pidfd(process_->process.id());
  if (!pidfd_) throw std::system_error(errno, std::generic_category(), "pidfd_open");
}

Child::~Child() = default;

void Child::send(int signal) const {
  syscall(SYS_pidfd_send_signal, pidfd_.get(), signal, nullptr, 0);
}

int Child::wait() {
  process_->process.wait();
  const int status = process_->process.native_exit_code();
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace mirakuru::command
