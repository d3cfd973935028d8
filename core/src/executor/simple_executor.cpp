#include "mirakuru/simple_executor.hpp"

#include <cstddef>
#include <exception>
#include <memory>
#include <ostream>
#include <utility>

#include "base/log.hpp"
#include "executor/executor_impl.hpp"
#include "executor/failure_report.hpp"
#include "executor/start_loop.hpp"

namespace mirakuru {

using detail::ExecutorImpl;
using detail::OutputStream;
using detail::StartLoop;

SimpleExecutor::SimpleExecutor(Command command, Options options)
    : impl_(std::make_unique<ExecutorImpl>(*this, std::move(command), std::nullopt, false,
                                           std::move(options))) {}

SimpleExecutor::SimpleExecutor(Command command, std::optional<Check> check, Options options)
    : impl_(std::make_unique<ExecutorImpl>(*this, std::move(command), std::move(check), true,
                                           std::move(options))) {}

SimpleExecutor::~SimpleExecutor() = default;

SimpleExecutor& SimpleExecutor::start() {
  start_together({this});
  return *this;
}

SimpleExecutor& SimpleExecutor::stop() {
  impl_->stop();
  return *this;
}

SimpleExecutor& SimpleExecutor::kill() {
  impl_->kill();
  return *this;
}

SimpleExecutor& SimpleExecutor::restart() {
  impl_->stop_quietly();
  return start();
}

Outage SimpleExecutor::stopped() { return Outage(*this); }
Pause SimpleExecutor::paused() { return Pause(*this); }

ExitStatus SimpleExecutor::wait(std::chrono::milliseconds timeout) { return impl_->wait(timeout); }

bool SimpleExecutor::running() const { return impl_->running(); }
bool SimpleExecutor::died() const { return impl_->died(); }
int SimpleExecutor::pid() const {
  return impl_->process() == nullptr ? 0 : impl_->process()->pid();
}
std::optional<ExitStatus> SimpleExecutor::exit_status() const {
  impl_->update();
  return impl_->process() == nullptr ? std::nullopt : impl_->process()->main_status();
}

int SimpleExecutor::port(const std::string& name) const { return impl_->port(name); }
std::string SimpleExecutor::expand(std::string_view text) const { return impl_->expand(text); }
const std::string& SimpleExecutor::name() const { return impl_->name(); }
const Command& SimpleExecutor::command() const { return impl_->command(); }
const Options& SimpleExecutor::options() const { return impl_->options(); }

Output& SimpleExecutor::output() { return impl_->streams().output(OutputStream::std_out); }
Output& SimpleExecutor::err_output() { return impl_->streams().output(OutputStream::std_err); }
Input& SimpleExecutor::input() { return impl_->streams().input(); }

std::string SimpleExecutor::report() const {
  impl_->update();
  return detail::failure_report(*impl_, detail::process_in_words(*impl_));
}

bool SimpleExecutor::pre_start_check() { return false; }
bool SimpleExecutor::after_start_check() { return true; }

std::ostream& operator<<(std::ostream& out, const SimpleExecutor& executor) {
  return out << executor.name() << ": `" << executor.command() << "`";
}

void start_together(const std::vector<SimpleExecutor*>& executors) {
  StartLoop loop;
  for (const SimpleExecutor* executor : executors) loop.add(detail::impl_of(*executor));
  while (loop.step() && loop.first_error() == nullptr) {
    detail::WaitSet set;
    loop.wait_on(set);
    set.wait();
  }
  if (loop.first_error() == nullptr) return;
  for (std::size_t i = executors.size(); i-- > 0;) {
    if (loop.was_started(i)) detail::impl_of(*executors[i]).stop_quietly();
  }
  std::rethrow_exception(loop.first_error());
}

Outage::Outage(SimpleExecutor& executor)
    : executor_(executor.running() ? &executor : nullptr), exceptions_(std::uncaught_exceptions()) {
  if (executor_ != nullptr) executor_->stop();
}

Outage::~Outage() noexcept(false) {
  try {
    end();
  } catch (const std::exception& error) {
    // A second exception during stack unwinding would terminate the program.
    if (std::uncaught_exceptions() == exceptions_) throw;
    detail::log(detail::LogLevel::error, error.what());
  }
}

void Outage::end() {
  if (SimpleExecutor* executor = std::exchange(executor_, nullptr)) executor->start();
}

Pause::Pause(SimpleExecutor& executor) : executor_(&executor) { executor.impl_->pause(); }

Pause::~Pause() {
  try {
    end();
  } catch (const std::exception& error) {
    // The service is lost; its next stop() reports it.
    detail::log(detail::LogLevel::error, error.what());
  }
}

void Pause::end() {
  if (SimpleExecutor* executor = std::exchange(executor_, nullptr)) executor->impl_->resume();
}

detail::ExecutorImpl& detail::impl_of(const SimpleExecutor& executor) { return *executor.impl_; }

}  // namespace mirakuru
