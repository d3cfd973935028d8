#include "executor/executor_impl.hpp"

#include <sys/random.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/log.hpp"
#include "base/text.hpp"
#include "checks/check_implementation.hpp"
#include "executor/failure_report.hpp"
#include "executor/launch.hpp"
#include "executor/options_validation.hpp"
#include "mirakuru/errors.hpp"
#include "mirakuru/simple_executor.hpp"
#include "resources/placeholders.hpp"

namespace mirakuru::detail {
namespace {

std::string name_of(const Command& command, const Options& options) {
  if (!options.name.empty()) return options.name;
  return std::filesystem::path(command.words().front()).filename().string();
}

// Only random, not a UUID of a standard version: it marks the processes of one executor.
std::string random_uuid() {
  std::array<std::uint16_t, 8> random{};
  if (::getrandom(random.data(), sizeof random, 0) < 0)
    random[0] = static_cast<std::uint16_t>(::getpid());
  return absl::StrFormat("%04x%04x-%04x-%04x-%04x-%04x%04x%04x", random[0], random[1], random[2],
                         random[3], random[4], random[5], random[6], random[7]);
}

// All texts that may contain placeholders.
std::vector<std::string> texts_of(const Command& command, const std::optional<Check>& check,
                                  const Options& options) {
  std::vector<std::string> texts = command.words();
  for (const auto& [variable, value] : options.env) texts.push_back(value);
  texts.push_back(options.cwd);
  for (const Stream* stream : {&options.std_in, &options.std_out, &options.std_err}) {
    texts.push_back(stream->path());
  }
  if (check) {
    for (std::string& text : check->implementation().texts()) texts.push_back(std::move(text));
  }
  return texts;
}

// Throws std::invalid_argument if one of them has a misspelled placeholder.
std::set<std::string> ports_in(const std::vector<std::string>& texts, const std::string& name) {
  std::set<std::string> ports;
  for (const std::string& text : texts) {
    refuse_misspelled_placeholders(text, name);
    ports.merge(port_names_in(text));
  }
  return ports;
}

}  // namespace

ExecutorImpl::ExecutorImpl(SimpleExecutor& self, Command command, std::optional<Check> check,
                           bool waits, Options options)
    : self_(self),
      command_(std::move(command)),
      check_(std::move(check)),
      waits_(waits),
      options_(std::move(options)),
      name_(name_of(command_, options_)),
      owner_(::getpid()),
      mark_(absl::StrCat(owner_, ":", random_uuid())),
      values_(name_, ports_in(texts_of(command_, check_, options_), name_)),
      streams_(*this) {
  validate_options(options_, name_);
  if (check_) check_->implementation().validate(options_);
}

ExecutorImpl::~ExecutorImpl() {
  try {
    stop();
  } catch (const std::exception& error) {
    detail::log(LogLevel::warning, error.what());
  }
}

int ExecutorImpl::port(const std::string& name) const {
  if (name.empty() && check_ && !values_.uses_port(name)) {
    const std::optional<Endpoint> endpoint = check_->implementation().endpoint();
    int port = 0;
    if (endpoint && absl::SimpleAtoi(expand(endpoint->port()), &port)) return port;
  }
  return values_.port(name);
}

LaunchContext ExecutorImpl::launch_context() const {
  return launch_context_of(options_, values_, mark_);
}

int ExecutorImpl::log_error(OutputStream stream) const {
  return process_ ? process_->log_error(stream) : 0;
}

// --- services of another process ---

bool ExecutorImpl::is_owned_elsewhere() const { return adopted_ || owner_ != ::getpid(); }

void ExecutorImpl::adopt(const std::string& serialized) {
  values_.adopt(serialized);
  adopted_ = true;
}

// --- the steps of a start ---

void ExecutorImpl::prepare_start() {
  values_.restore_directory();
  streams_.open_logs();
  probe_.reset();  // of an earlier attempt; destroyed before the next one is made
  probe_ = std::make_unique<HookProbe>(
      self_, check_ ? check_->implementation().make_probe(*this) : nullptr);
}

void ExecutorImpl::launch() {
  was_ready_ = false;
  end_was_asked_for_ = false;
  status_was_seen_ = false;
  process_.reset();
  launch_context_ = launch_context();
  probe_->add_to(launch_context_.environment);
  try {
    LaunchRequest request = launch_request_of(command_, options_, name_, launch_context_, values_);
    program_ = request.program;
    streams_.add_to(request);
    values_.on_start();
    process_.emplace(std::move(request));
  } catch (const StartError& error) {
    fail_to_launch(error);
  }
}

bool ExecutorImpl::is_launched(Deadline deadline) {
  process_->update();
  if (const std::optional<LaunchError> error = process_->launch_error()) {
    process_.reset();
    fail_to_launch(start_error_of(*error, program_, launch_context_, options_));
  }
  if (!process_->launched()) {
    if (process_->launch_deadline(deadline).expired()) process_->give_up_launch();
    return false;
  }
  if (log_enabled(LogLevel::info)) {
    detail::log(LogLevel::info, absl::StrCat(name_, ": started, pid ", process_->pid(), ": ",
                                             command_.to_string()));
  }
  return true;
}

void ExecutorImpl::wait_on_launch(WaitSet& set, Deadline deadline) const {
  process_->wait_on(set);
  set.wake_at(process_->launch_deadline(deadline).time());
}

void ExecutorImpl::fail_to_launch(const StartError& error) const {
  throw StartError(failure_report(*this, absl::StrCat("cannot be started: ", error.what())),
                   error.code(), error.path());
}

void ExecutorImpl::set_ready() {
  was_ready_ = true;
  probe_.reset();
}

void ExecutorImpl::abandon() {
  probe_.reset();
  try {
    if (process_) process_->kill(options_.kill_signal);
  } catch (const std::exception& error) {
    // The reason why the start failed is already being thrown.
    detail::log(LogLevel::warning, error.what());
  }
  status_was_seen_ = true;  // the failed start reports it
  streams_.std_in().reset();
  values_.on_stopped();
}

// --- the process ---

void ExecutorImpl::update() const {
  if (process_ && !is_owned_elsewhere()) process_->update();
}

void ExecutorImpl::flush() const {
  if (process_ && !is_owned_elsewhere()) process_->flush();
}

bool ExecutorImpl::running() const {
  if (adopted_) return true;
  update();
  return process_ && !process_->all_ended();
}

bool ExecutorImpl::died() const {
  update();
  if (is_owned_elsewhere() || !was_ready_ || end_was_asked_for_ || status_was_seen_) return false;
  if (process_->lost()) return true;
  if (!process_->main_status()) return false;
  // A service that is not waited for may be a task that ends when it is done.
  if (!waits_ && process_->main_status()->returncode() == 0) return false;
  if (options_.launcher) return false;
  const bool is_daemon = process_->main_status()->returncode() == 0 && process_->left_others();
  return !is_daemon || process_->all_ended();
}

void ExecutorImpl::end_process(bool at_once) {
  if (is_owned_elsewhere()) return;
  probe_.reset();
  if (process_) {
    process_->update();
    if (!process_->all_ended()) {
      end_was_asked_for_ = true;
      if (log_enabled(LogLevel::debug)) {
        const int signal = at_once ? options_.kill_signal : options_.stop_signal;
        detail::log(LogLevel::debug, absl::StrCat(name_, ": sending ", signal_name(signal)));
      }
      if (at_once) {
        process_->kill(options_.kill_signal);
      } else {
        process_->stop(options_.stop_signal, scaled(options_.stop_timeout), options_.kill_signal);
      }
    }
  }
  streams_.std_in().reset();
  values_.on_stopped();
}

void ExecutorImpl::stop() {
  const bool was_running = running();
  end_process(false);
  if (is_owned_elsewhere() || !process_ || std::exchange(status_was_seen_, true)) return;
  if (process_->lost()) {
    throw ProcessFinishedWithError(failure_report(*this, "was lost: " + process_->loss_in_words()),
                                   process_->main_status());
  }
  const ExitStatus status = *process_->main_status();
  // JVMs and shells exit with 128 plus the signal that ended them.
  const bool by_stop_signal =
      status.signal() == options_.stop_signal || status.code() == 128 + options_.stop_signal;
  if (status.returncode() != 0 && !by_stop_signal &&
      status.returncode() != options_.expected_returncode) {
    fail_as_finished(status, was_running);
  }
}

void ExecutorImpl::fail_as_finished(ExitStatus status, bool was_running) const {
  std::string headline;
  if (process_->had_to_be_killed()) {
    headline = absl::StrCat("did not end within ", in_words(scaled(options_.stop_timeout)), " of ",
                            signal_name(options_.stop_signal), ": ", status.to_string());
  } else {
    headline = was_running ? absl::StrCat(status.to_string(), " when it was stopped")
                           : absl::StrCat("had ended before it was stopped: ", status.to_string());
  }
  FailureFacts facts;
  facts.hint = absl::StrCat("accepted: 0, an end by ", signal_name(options_.stop_signal), ", ",
                            128 + options_.stop_signal);
  if (options_.expected_returncode) {
    absl::StrAppend(&facts.hint, ", ", *options_.expected_returncode);
  } else {
    facts.hint += "; set expected_returncode to accept another status";
  }
  throw ProcessFinishedWithError(failure_report(*this, headline, facts), status);
}

void ExecutorImpl::stop_quietly() {
  status_was_seen_ = true;
  stop();
}

void ExecutorImpl::kill() {
  end_process(true);
  status_was_seen_ = true;
}

ExitStatus ExecutorImpl::wait(std::chrono::milliseconds timeout) {
  if (!process_ || is_owned_elsewhere()) {
    throw ExecutorError(name_ + ": wait(): it was never started, or another process started it");
  }
  const Deadline deadline = Deadline::after(scaled(timeout));
  process_->update();
  while (!process_->main_status() && !process_->all_ended() && !deadline.expired()) {
    process_->wait(deadline);
  }
  if (!process_->main_status() && !process_->all_ended()) {
    throw TimeoutExpired(
        failure_report(*this, absl::StrCat("did not end within ", in_words(scaled(timeout)))));
  }
  status_was_seen_ = true;
  if (!process_->main_status()) {
    throw ExecutorError(failure_report(*this, "was lost: " + process_->loss_in_words()));
  }
  return *process_->main_status();
}

void ExecutorImpl::pause() {
  if (process_ && !is_owned_elsewhere()) process_->pause();
}

void ExecutorImpl::resume() {
  if (process_ && !is_owned_elsewhere()) process_->resume();
}

}  // namespace mirakuru::detail
