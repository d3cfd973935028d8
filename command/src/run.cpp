// mirakuru run: services that run as long as a command.
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "child.hpp"
#include "commands.hpp"
#include "daemon.hpp"
#include "group.hpp"
#include "mirakuru/ctest.hpp"
#include "progress.hpp"
#include "resources/directory.hpp"
#include "service_record.hpp"
#include "signals.hpp"

namespace mirakuru::command {
namespace {

// Shows the progress of the start, and cancels it at a signal.
class StartProgress : public StartObserver {
 public:
  explicit StartProgress(StopSignals& signals) : signals_(signals) {}

  void wait_on(detail::WaitSet& set) override {
    set.add(signals_.fd());
    display_.wait_on(set);
  }
  bool cancels(const std::vector<Progress>& progress) override {
    display_.show(progress);
    if (const auto received = signals_.take()) {
      signal_ = received->signal;
      StopSignals::next_one_ends();
    }
    return signal_ != 0;
  }
  int signal() const { return signal_; }

 private:
  StopSignals& signals_;
  ProgressDisplay display_;
  int signal_ = 0;
};

// The tests' exit code, or 128 + the signal that asked us to stop.
int run_tests(Child& tests, Daemon& daemon, StopSignals& signals) {
  int asked_by = 0;
  for (bool ended = false; !ended;) {
    detail::WaitSet set;
    set.add(tests.fd());
    set.add(signals.fd());
    daemon.wait_on(set);
    set.wait();
    ended = detail::ready_to_read(tests.fd());
    // Before leaving the loop: a pending Ctrl-C, which may have ended the tests, would end us
    // later.
    if (const auto received = signals.take()) {
      asked_by = received->signal;
      // The terminal sends its signals to the tests, too.
      if (!received->from_terminal) tests.send(asked_by);
      StopSignals::next_one_ends();
    }
    if (daemon.serve()) {
      asked_by = SIGTERM;
      tests.send(SIGTERM);
    }
  }
  const int code = tests.wait();
  return asked_by == 0 ? code : 128 + asked_by;
}

int run(Words words) {
  Group group(take_definitions(words, {}, true), nullptr);
  StopSignals signals;
  StartProgress progress(signals);
  try {
    group.start(progress);
  } catch (const StartCancelled&) {
    return 128 + progress.signal();
  }
  // A directory of their own: only the tests find these services.
  const std::string directory = detail::run_directory() + "/fixtures";
  Daemon daemon(group, directory, getpid());
  setenv("MIRAKURU_FIXTURES", directory.c_str(), 1);
  std::map<std::string, std::string> variables;
  for (SimpleExecutor* executor : group.started()) {
    variables.merge(ctest::find_fixture(executor->name())->variables());
  }
  int code = 0;
  try {
    const auto single = group.started().size() == 1
                            ? ctest::find_fixture(group.started().front()->name())
                            : nullptr;
    for (std::string& word : words) {
      word = group.resolve(single == nullptr ? word : single->expand(word));
    }
    Child tests(words, variables);
    code = run_tests(tests, daemon, signals);
  } catch (...) {
    daemon.stop();
    throw;
  }
  StopSignals::next_one_ends();
  const std::vector<std::string> errors = daemon.stop();
  for (const std::string& error : errors) std::fprintf(stderr, "%s\n", error.c_str());
  return code == 0 && !errors.empty() ? kDied : code;
}

}  // namespace

const Subcommand kRun{
    "run",
    "run [OPTION...] -- COMMAND... [:: [OPTION...] -- COMMAND...]... :: TESTS...\n"
    "         run --file FILE :: TESTS...",
    "start services, run the tests, stop the services",
    "Starts the services in parallel, waits until each is ready, runs TESTS and stops the "
    "services\n"
    "in reverse order. TESTS gets the environment variables REDIS_PORT, REDIS_TMPDIR and so on;\n"
    "{redis.port}, {redis.port:admin} and {redis.tmpdir} are replaced in its arguments, and {port} "
    "if\n"
    "there is one service. The exit code is that of TESTS.",
    [] {
      Words options = service_options();
      options.emplace_back("file");
      return options;
    }(),
    run};

}  // namespace mirakuru::command
