#include <memory>
#include <stdexcept>

#include "absl/strings/str_cat.h"
#include "base/text.hpp"
#include "checks/check_implementation.hpp"
#include "executor/executor_state.hpp"
#include "mirakuru/errors.hpp"
#include "mirakuru/simple_executor.hpp"

namespace mirakuru::detail {
namespace {

class CommandDefinition : public CheckImplementation {
 public:
  explicit CommandDefinition(CommandCheck check) : check_(std::move(check)) {
    if (check_.attempt_timeout.count() <= 0) {
      throw std::invalid_argument("CommandCheck::attempt_timeout: it must be positive");
    }
  }

  std::string describe(ExecutorState* subject) const override {
    return absl::StrCat("`", filled_in(check_.command.to_string(), subject), "` to exit with 0");
  }
  std::unique_ptr<Probe> begin(ExecutorState& subject) const override;

  const CommandCheck& check() const { return check_; }

 private:
  CommandCheck check_;
};

// Runs the program, one attempt after the other, as an executor of its own: so it can neither hang
// the wait nor leave anything behind.
class CommandProbe : public Probe {
 public:
  CommandProbe(const CommandCheck& check, ExecutorState& subject)
      : check_(check), subject_(subject) {}

  bool ready() override {
    if (attempt_ == nullptr) {
      if (!backoff_.due()) return false;
      begin_attempt();
    }
    attempt_->state->update();
    const ServiceProcess* process = attempt_->state->process();
    if (process->main_status()) {
      const bool success = *process->main_status() == ExitStatus::from_wait_status(0);
      if (!success) note(process->main_status()->to_string());
      attempt_.reset();
      if (!success) backoff_.tried();
      return success;
    }
    if (limit_.expired()) {
      note(absl::StrCat("no end within ", in_words(scaled(check_.attempt_timeout))));
      attempt_.reset();
      backoff_.tried();
    }
    return false;
  }

  void wait_on(WaitSet& set) override {
    if (attempt_ == nullptr) {
      set.wake_at(backoff_.next());
    } else {
      attempt_->state->process()->wait_on(set);
      set.wake_at(limit_.time());
    }
  }

  std::string last_answer() const override { return last_answer_; }

 private:
  // An executor whose inside we can reach.
  struct Attempt : SimpleExecutor {
    Attempt(Command command, Options options)
        : SimpleExecutor(std::move(command), std::move(options)), state(&SimpleExecutor::state()) {}
    ~Attempt() override { kill(); }
    Attempt(const Attempt&) = delete;
    Attempt& operator=(const Attempt&) = delete;
    ExecutorState* state;
  };

  void begin_attempt() {
    const LaunchContext launch_context = subject_.launch_context();
    Options options;
    options.name = subject_.name() + "-check";
    options.env = launch_context.environment;
    options.inherit_env = false;
    options.cwd = launch_context.cwd;
    options.user = subject_.options().user;
    options.std_in = Stream::null();
    std::vector<std::string> words;
    for (const std::string& word : check_.command.words()) words.push_back(subject_.expand(word));
    limit_ = Deadline::after(scaled(check_.attempt_timeout));
    attempt_ = std::make_unique<Attempt>(Command(words), options);
    attempt_->start();  // a program that cannot be run will never say that the service is ready
  }

  void note(const std::string& how_it_ended) {
    std::string said = attempt_->err_output().tail(1);
    if (said.empty()) said = attempt_->output().tail(1);
    while (!said.empty() && said.back() == '\n') said.pop_back();
    last_answer_ = said.empty() ? how_it_ended : absl::StrCat(how_it_ended, ": ", readable(said));
  }

  const CommandCheck& check_;
  ExecutorState& subject_;
  std::unique_ptr<Attempt> attempt_;
  Deadline limit_ = Deadline::never();
  Backoff backoff_;
  std::string last_answer_;
};

std::unique_ptr<Probe> CommandDefinition::begin(ExecutorState& subject) const {
  return std::make_unique<CommandProbe>(check_, subject);
}

}  // namespace

}  // namespace mirakuru::detail

namespace mirakuru {

Check::Check(CommandCheck check)
    : Check(std::make_shared<detail::CommandDefinition>(std::move(check))) {}

}  // namespace mirakuru
