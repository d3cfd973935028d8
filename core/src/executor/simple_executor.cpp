#include "mirakuru/simple_executor.hpp"

#include <exception>
#include <memory>
#include <ostream>
#include <utility>

#include "base/log.hpp"
#include "executor/executor_state.hpp"
#include "executor/failure_report.hpp"
#include "executor/side_by_side.hpp"

namespace mirakuru {

using detail::AfterFailure;
using detail::ExecutorState;

SimpleExecutor::SimpleExecutor(Command command, Options options)
    : state_(std::make_unique<ExecutorState>(*this, std::move(command), std::nullopt, false,
                                             std::move(options))) {}

SimpleExecutor::SimpleExecutor(Command command, std::optional<Check> check, Options options)
    : state_(std::make_unique<ExecutorState>(*this, std::move(command), std::move(check), true,
                                             std::move(options))) {}

SimpleExecutor::~SimpleExecutor() = default;

SimpleExecutor& SimpleExecutor::start() {
  start_together({this});
  return *this;
}

SimpleExecutor& SimpleExecutor::stop() {
  state_->stop();
  return *this;
}

SimpleExecutor& SimpleExecutor::kill() {
  state_->kill();
  return *this;
}

SimpleExecutor& SimpleExecutor::restart() {
  state_->stop_quietly();
  return start();
}

Outage SimpleExecutor::stopped() { return Outage(*this); }
Pause SimpleExecutor::paused() { return Pause(*this); }

ExitStatus SimpleExecutor::wait(std::chrono::milliseconds timeout) { return state_->wait(timeout); }

bool SimpleExecutor::running() const { return state_->running(); }
bool SimpleExecutor::died() const { return state_->died(); }
int SimpleExecutor::pid() const {
  return state_->process() == nullptr ? 0 : state_->process()->pid();
}
std::optional<ExitStatus> SimpleExecutor::exit_status() const {
  state_->update();
  return state_->process() == nullptr ? std::nullopt : state_->process()->main_status();
}

int SimpleExecutor::port(const std::string& name) const { return state_->port(name); }
std::string SimpleExecutor::expand(std::string_view text) const { return state_->expand(text); }
const std::string& SimpleExecutor::name() const { return state_->name(); }
const Command& SimpleExecutor::command() const { return state_->command(); }
const Options& SimpleExecutor::options() const { return state_->options(); }

Output& SimpleExecutor::output() { return state_->output(1); }
Output& SimpleExecutor::err_output() { return state_->output(2); }
Input& SimpleExecutor::input() { return state_->input(); }

std::string SimpleExecutor::report() const {
  state_->update();
  return detail::failure_report(*state_, detail::process_in_words(*state_));
}

bool SimpleExecutor::pre_start_check() { return false; }
bool SimpleExecutor::after_start_check() { return true; }

std::ostream& operator<<(std::ostream& out, const SimpleExecutor& executor) {
  return out << executor.name() << ": `" << executor.command() << "`";
}

void start_together(const std::vector<SimpleExecutor*>& executors) {
  std::vector<ExecutorState*> starting;
  for (const SimpleExecutor* executor : executors) {
    ExecutorState& state = detail::state_of(*executor);
    if (state.foreign() || state.running()) continue;
    state.stop_quietly();  // what is left of an earlier start that ended by itself
    starting.push_back(&state);
  }
  for (const std::exception_ptr& error : detail::start_each(starting, AfterFailure::give_up)) {
    if (error == nullptr) continue;
    for (auto state = starting.rbegin(); state != starting.rend(); ++state) {
      (*state)->stop_quietly();
    }
    std::rethrow_exception(error);
  }
}

Outage::Outage(SimpleExecutor& executor)
    : executor_(executor.running() ? &executor : nullptr), exceptions_(std::uncaught_exceptions()) {
  if (executor_ != nullptr) executor_->stop();
}

Outage::~Outage() noexcept(false) {
  try {
    end();
  } catch (const std::exception& error) {
    // Two exceptions at once would end the program.
    if (std::uncaught_exceptions() == exceptions_) throw;
    detail::log(detail::LogLevel::error, error.what());
  }
}

void Outage::end() {
  if (SimpleExecutor* executor = std::exchange(executor_, nullptr)) executor->start();
}

Pause::Pause(SimpleExecutor& executor) : executor_(&executor) { executor.state_->pause(); }

Pause::~Pause() {
  try {
    end();
  } catch (const std::exception& error) {
    // The service is lost, which its next stop() reports.
    detail::log(detail::LogLevel::error, error.what());
  }
}

void Pause::end() {
  if (SimpleExecutor* executor = std::exchange(executor_, nullptr)) executor->state_->resume();
}

detail::ExecutorState& detail::state_of(const SimpleExecutor& executor) { return *executor.state_; }

}  // namespace mirakuru
