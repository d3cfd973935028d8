// mirakuru up: services that keep running when the command has ended. A process of their own, the
// daemon, runs them until `mirakuru down`, or until the owner (--owner) ends.
#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <system_error>

#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"
#include "base/waiting.hpp"
#include "base/write_without_signal.hpp"
#include "commands.hpp"
#include "daemon.hpp"
#include "flags.hpp"
#include "group.hpp"
#include "linux/pidfd.hpp"
#include "mirakuru/ctest.hpp"
#include "service_record.hpp"
#include "signals.hpp"

namespace mirakuru::command {
namespace {

using detail::UniqueFd;

// The process whose end stops the services, if there is one.
struct OwnerProcess {
  pid_t pid = 0;
  UniqueFd fd;
};

OwnerProcess open_owner() {
  const pid_t pid = owner_pid();
  if (pid == 0) return {};
  UniqueFd fd = detail::os::open_pidfd(pid);
  // After the end of its parent a process gets another one.
  if (!fd || (absl::GetFlag(FLAGS_owner) == "parent" && pid != getppid())) {
    throw std::system_error(fd ? ESRCH : errno, std::generic_category(),
                            absl::StrCat("the owner, process ", pid));
  }
  return {pid, std::move(fd)};
}

// Cancels the start at a signal, at the end of the owner, or when `mirakuru up` itself has gone, as
// when ctest kills a test that takes too long.
class StartCanceller : public StartObserver {
 public:
  StartCanceller(StopSignals& signals, int owner, int client)
      : signals_(signals), owner_(owner), client_(client) {}

  void wait_on(detail::WaitSet& set) override {
    set.add(signals_.fd());
    if (owner_ >= 0) set.add(owner_);
    set.add(client_, 0);
  }
  bool cancels(const std::vector<Progress>&) override {
    pollfd client{client_, 0, 0};
    return signals_.take().has_value() || detail::ready_to_read(owner_) || poll(&client, 1, 0) > 0;
  }

 private:
  StopSignals& signals_;
  int owner_;
  int client_;
};

// The daemon. It writes one message to `client`: 'r' for ready or 'f' for failed, then text.
int run_daemon(std::vector<ServiceDefinition> services, const std::string& directory,
               const OwnerProcess& owner, UniqueFd client) {
  StopSignals signals;
  try {
    Group group(std::move(services), [](std::string_view text) {
      return fill_in_other_services(text, [](const std::string& name, const std::string& what) {
        const auto other = ctest::find_fixture(name);
        return other == nullptr ? std::string() : other->expand(absl::StrCat("{", what, "}"));
      });
    });
    StartCanceller canceller(signals, owner.fd.get(), client.get());
    group.start(canceller);
    Daemon daemon(group, directory, owner.fd ? owner.pid : getpid());
    std::string report = "r";
    for (SimpleExecutor* executor : group.started()) {
      absl::StrAppend(&report, executor->name(), " is ready (pid ", executor->pid());
      const auto record = detail::find_record(executor->name(), directory);
      for (const auto& [name, port] : record->ports) {
        absl::StrAppend(&report, ", ", name, name.empty() ? "" : " ", "port ", port);
      }
      report += ")\n";
    }
    detail::write_all(client.get(), report);
    client.reset();
    do {
      detail::WaitSet set;
      set.add(signals.fd());
      if (owner.fd) set.add(owner.fd.get());
      daemon.wait_on(set);
      set.wait();
    } while (!signals.take() && !detail::ready_to_read(owner.fd.get()) && !daemon.serve());
    daemon.stop();
  } catch (const StartCancelled&) {
    // No one waits for the answer.
  } catch (const std::exception& error) {
    detail::write_all(client.get(), absl::StrCat("f", error.what(), "\n"));
  }
  return 0;
}

// In the daemon: closes all that it inherited, but for these two.
void detach(UniqueFd& owner, UniqueFd& client) {
  const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) dup2(null, fd);
  // To high numbers first, so that neither overwrites the other.
  const int far_client = fcntl(client.get(), F_DUPFD_CLOEXEC, 10);
  const int far_owner = owner ? fcntl(owner.get(), F_DUPFD_CLOEXEC, 10) : -1;
  client.release();
  owner.release();
  client.reset(dup3(far_client, 3, O_CLOEXEC));
  if (far_owner >= 0) owner.reset(dup3(far_owner, 4, O_CLOEXEC));
  syscall(SYS_close_range, owner ? 5 : 4, ~0U, 0);
}

// `ctest --repeat` runs the setup of a fixture several times before the tests.
bool are_all_owned_by(const OwnerProcess& owner, const std::vector<ServiceDefinition>& definitions,
                      const std::string& directory) {
  return std::all_of(definitions.begin(), definitions.end(),
                     [&](const ServiceDefinition& definition) {
                       const auto record = detail::find_record(definition.name, directory);
                       return record && record->owner == owner.pid;
                     });
}

int up(Words words) {
  std::vector<ServiceDefinition> services = take_definitions(words, {"directory", "owner"}, false);
  use_directory_option();
  const std::string directory = ctest::fixtures_directory();
  OwnerProcess owner = open_owner();
  if (owner.fd && are_all_owned_by(owner, services, directory)) {
    std::puts("already started by this owner");
    return 0;
  }
  for (const ServiceDefinition& service : services) require_not_running(service.name, directory);
  {
    // Reports errors in the dependencies here, with exit code 64, and not from the daemon.
    const Group only_checked(services, nullptr);
  }
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  UniqueFd report(ends[0]);
  UniqueFd client(ends[1]);
  const pid_t pid = fork();
  if (pid < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (pid == 0) {
    // Neither our child nor in our session, so that stopping us does not stop it.
    setsid();
    if (fork() != 0) _exit(0);
    detach(owner.fd, client);
    _exit(run_daemon(std::move(services), directory, owner, std::move(client)));
  }
  client.reset();
  waitpid(pid, nullptr, 0);
  std::string text;
  char buffer[4096];
  ssize_t size = 0;
  while ((size = read(report.get(), buffer, sizeof buffer)) > 0) {
    text.append(buffer, static_cast<std::size_t>(size));
  }
  if (text.empty()) text = "fthe daemon has ended unexpectedly\n";
  const bool ready = text.front() == 'r';
  std::fputs(text.c_str() + 1, ready ? stdout : stderr);
  return ready ? 0 : kNotReady;
}

}  // namespace

const Subcommand kUp{
    "up",
    "up [OPTION...] -- COMMAND... [:: [OPTION...] -- COMMAND...]...\n"
    "         up [OPTION...] --file FILE",
    "start services, return when they are ready, and leave them running",
    "The services run until `mirakuru down`, or until the process that --owner names ends.\n"
    "--directory and --owner come before the first COMMAND. If this owner has already started all "
    "of\n"
    "them, `up` does nothing.",
    [] {
      Words options = service_options();
      for (const char* name : {"file", "directory", "owner"}) options.emplace_back(name);
      return options;
    }(),
    up};

}  // namespace mirakuru::command
