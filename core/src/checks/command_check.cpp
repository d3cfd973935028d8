#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/text.hpp"
#include "checks/check_implementation.hpp"
#include "executor/executor_impl.hpp"
#include "executor/start.hpp"
#include "mirakuru/errors.hpp"
#include "mirakuru/simple_executor.hpp"
#include "resources/placeholders.hpp"

namespace mirakuru::detail {
namespace {

// Runs the program, one attempt after the other, each as the service of a separate executor: so it
// can neither hang the wait nor leave processes behind.
class CommandProbe : public Probe {
 public:
  CommandProbe(const CommandCheck& check, const ProbeContext& context)
      : check_(check), context_(context) {}

  bool ready() override {
    if (attempt_ == nullptr) {
      if (!backoff_.due()) return false;
      attempt_ = std::make_unique<Attempt>(command(), options());
      limit_ = Deadline::after(scaled(check_.attempt_timeout));
    }
    try {
      // Throws if the program cannot be run, since then the service would never become ready.
      if (!attempt_->step()) return false;
    } catch (const TimeoutExpired& error) {
      // The supervisor or a shepherd does not answer.
      last_answer_ = error.summary();
      attempt_.reset();
      backoff_.tried();
      return false;
    }
    const ExecutorImpl& executor = attempt_->executor();
    executor.update();
    if (const auto& status = executor.process()->main_status()) {
      if (status->returncode() == 0) return true;
      end_attempt(status->to_string());
    } else if (executor.process()->all_ended()) {
      end_attempt("its exit status is not known");
    } else if (limit_.expired()) {
      end_attempt(absl::StrCat("did not end within ", in_words(scaled(check_.attempt_timeout))));
    }
    return false;
  }

  void wait_on(WaitSet& set) override {
    if (attempt_ == nullptr) {
      set.wake_at(backoff_.next());
    } else {
      attempt_->wait_on(set);
      if (attempt_->is_started()) set.wake_at(limit_.time());
    }
  }

  std::string last_answer() const override { return last_answer_; }

 private:
  // One run of the program, including its start.
  class Attempt {
   public:
    Attempt(Command command, Options options)
        : executor_(std::move(command), std::move(options)), start_(impl_of(executor_)) {}
    ~Attempt() { impl_of(executor_).abandon(); }
    Attempt(const Attempt&) = delete;
    Attempt& operator=(const Attempt&) = delete;

    const ExecutorImpl& executor() const { return impl_of(executor_); }
    bool step() { return is_started_ = start_.step(true); }
    bool is_started() const { return is_started_; }
    void wait_on(WaitSet& set) const {
      if (is_started_) {
        executor().process()->wait_on(set);
      } else {
        start_.wait_on(set);
      }
    }

   private:
    SimpleExecutor executor_;
    Start start_;
    bool is_started_ = false;
  };

  Command command() const {
    std::vector<std::string> words;
    for (const std::string& word : check_.command.words())
      words.push_back(as_literal(context_.expand(word)));
    return Command(words);
  }

  Options options() const {
    const LaunchContext context = context_.launch_context();
    Options options;
    options.name = context_.name() + "-check";
    for (const auto& [name, value] : context.environment) options.env[name] = as_literal(value);
    options.inherit_env = false;
    options.cwd = as_literal(context.cwd);
    options.user = context_.options().user;
    options.std_in = Stream::null();
    return options;
  }

  void end_attempt(const std::string& how) {
    attempt_->executor().flush();
    std::string output;
    for (const OutputStream stream : {OutputStream::std_err, OutputStream::std_out}) {
      ServiceLog& log = attempt_->executor().log(stream);
      if (output.empty()) output = log.log().tail(log.begin(), 1);
    }
    while (!output.empty() && output.back() == '\n') output.pop_back();
    last_answer_ = output.empty() ? how : absl::StrCat(how, ": ", readable(output));
    attempt_.reset();
    backoff_.tried();
  }

  const CommandCheck& check_;
  const ProbeContext& context_;
  std::unique_ptr<Attempt> attempt_;
  Deadline limit_ = Deadline::never();
  Backoff backoff_;
  std::string last_answer_;
};

class CommandImplementation : public CheckImplementation {
 public:
  explicit CommandImplementation(CommandCheck check) : check_(std::move(check)) {
    if (check_.attempt_timeout.count() <= 0) {
      throw std::invalid_argument("CommandCheck::attempt_timeout: it must be positive");
    }
  }

  std::string describe(const Expand& expand) const override {
    return absl::StrCat("`", expand(check_.command.to_string()), "` to exit with 0");
  }
  std::vector<std::string> texts() const override { return check_.command.words(); }
  std::unique_ptr<Probe> make_probe(const ProbeContext& context) const override {
    return std::make_unique<CommandProbe>(check_, context);
  }

 private:
  CommandCheck check_;
};

}  // namespace

}  // namespace mirakuru::detail

namespace mirakuru {

Check::Check(CommandCheck check)
    : Check(std::make_shared<detail::CommandImplementation>(std::move(check))) {}

}  // namespace mirakuru
