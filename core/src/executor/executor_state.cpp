#include "executor/executor_state.hpp"

#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/log.hpp"
#include "base/text.hpp"
#include "checks/check_implementation.hpp"
#include "executor/failure_report.hpp"
#include "executor/options_check.hpp"
#include "mirakuru/errors.hpp"
#include "mirakuru/simple_executor.hpp"
#include "resources/placeholders.hpp"

namespace mirakuru::detail {
namespace {

std::string name_of(const Command& command, const Options& options) {
  if (!options.name.empty()) return options.name;
  return std::filesystem::path(command.words().front()).filename().string();
}

// Not a UUID in any stricter sense than being random: it marks the processes of one executor.
std::string random_uuid() {
  std::array<std::uint16_t, 8> random{};
  if (::getrandom(random.data(), sizeof random, 0) < 0)
    random[0] = static_cast<std::uint16_t>(::getpid());
  return absl::StrFormat("%04x%04x-%04x-%04x-%04x-%04x%04x%04x", random[0], random[1], random[2],
                         random[3], random[4], random[5], random[6], random[7]);
}

bool has_port(const Command& command, const std::optional<Check>& check, const Options& options) {
  const auto& words = command.words();
  return std::any_of(words.begin(), words.end(), uses_plain_port) ||
         std::any_of(options.env.begin(), options.env.end(),
                     [](const auto& entry) { return uses_plain_port(entry.second); }) ||
         uses_plain_port(options.cwd) || (check && uses_plain_port(check->to_string()));
}

}  // namespace

ExecutorState::ExecutorState(SimpleExecutor& self, Command command, std::optional<Check> check,
                             bool waits, Options options)
    : self_(self),
      command_(std::move(command)),
      check_(std::move(check)),
      waits_(waits),
      options_(std::move(options)),
      name_(name_of(command_, options_)),
      names_port_(has_port(command_, check_, options_)),
      owner_(::getpid()),
      uuid_(random_uuid()),
      placeholder_values_(name_),
      out_(*this, 1),
      err_(*this, 2),
      in_(*this) {
  check_options(options_, name_);
  if (check_) check_->definition().check_against(options_);
  for (auto& stream : streams_)
    stream.emplace(CapturedStream{LogReader({}, 0, 0, 0), 0, LineCursor(0)});
}

ExecutorState::~ExecutorState() {
  try {
    stop();
  } catch (const std::exception& error) {
    log(LogLevel::warning, error.what());
  }
}

bool ExecutorState::foreign() const { return attached_ || owner_ != ::getpid(); }

void ExecutorState::attach(const std::string& handle) {
  placeholder_values_.adopt(handle);
  attached_ = true;
}

void ExecutorState::read_from(int number, LogReader log, std::uint64_t begin) {
  attached_ = true;
  stream(number).log = std::move(log);
  stream(number).begin = begin;
  stream(number).cursor = LineCursor(begin);
}

void ExecutorState::flush_by(std::function<void()> flush) { remote_flush_ = std::move(flush); }

std::string ExecutorState::command_in_words() const {
  std::vector<std::string> words;
  for (const std::string& word : command_.words()) words.push_back(expand(word));
  return readable(shell_quoted(words));
}

int ExecutorState::port(const std::string& name) const {
  if (name.empty() && !names_port_ && !placeholder_values_.has_port(name)) {
    const std::optional<Endpoint> endpoint =
        check_ ? check_->definition().endpoint() : std::nullopt;
    int port = 0;
    if (endpoint && absl::SimpleAtoi(expand(endpoint->port()), &port)) return port;
    throw std::invalid_argument(absl::StrCat(
        name_, ": port(): it has none: neither {port} nor a port of its check is used"));
  }
  return placeholder_values_.port(name);
}

// --- the hooks ---

bool ExecutorState::ask_pre_start_check() {
  try {
    return self_.pre_start_check();
  } catch (const ExecutorError&) {
    throw;
  } catch (const std::exception& error) {
    // Clients commonly throw while nobody answers.
    log(LogLevel::info, name_ + ": its pre_start_check() threw: " + readable(error.what()));
    return false;
  }
}

bool ExecutorState::ask_after_start_check() {
  probe_was_asked_ = false;
  hook_error_.clear();
  try {
    return self_.after_start_check();
  } catch (const StartupFailed&) {
    throw;
  } catch (const StartError&) {
    throw;
  } catch (const std::exception& error) {
    // Clients commonly throw while nobody answers.
    hook_error_ = error.what();
    return false;
  }
}

bool ExecutorState::somebody_is_there() {
  const std::optional<std::string> who = probe_ ? probe_->already_running() : std::nullopt;
  foreign_process_ = who.value_or("");
  return who.has_value();
}

bool ExecutorState::probe_says_ready() {
  if (!check_) {
    throw StartupFailed(
        "nothing says when it is ready: it has neither a check nor an after_start_check() of its "
        "own");
  }
  if (probe_ == nullptr || probe_is_ready_) return probe_is_ready_;
  probe_was_asked_ = true;
  probe_is_ready_ = probe_->ready();
  return probe_is_ready_;
}

// --- the steps of a start ---

void ExecutorState::begin_check() {
  foreign_process_.clear();
  probe_is_ready_ = false;
  probe_was_asked_ = false;
  probe_.reset();
  open_logs();
  if (check_) probe_ = check_->definition().begin(*this);
}

void ExecutorState::set_ready() {
  was_ready_ = true;
  was_daemon_ = process_->main_status().has_value();
  probe_.reset();
}

void ExecutorState::abandon() {
  probe_.reset();
  try {
    if (process_) process_->kill(options_.kill_signal);
  } catch (const TimeoutExpired& error) {
    // Why the start failed is thrown already.
    log(LogLevel::warning, error.what());
  }
  status_was_seen_ = true;  // the failed start has told it
  std_in_.reset();
  placeholder_values_.on_stopped();
}

// --- the process ---

void ExecutorState::update() const {
  if (process_ && !foreign()) process_->update();
}

void ExecutorState::flush() const {
  if (process_ && !foreign()) process_->flush();
  if (remote_flush_) remote_flush_();
}

bool ExecutorState::running() const {
  if (attached_) return true;
  update();
  return process_ && !process_->all_ended();
}

bool ExecutorState::died() const {
  update();
  if (foreign() || !was_ready_ || end_was_asked_for_ || status_was_seen_) return false;
  if (process_->lost()) return true;
  if (!process_->main_status()) return false;
  // What waits for nothing may be a task, which ends when it is done.
  if (!waits_ && process_->main_status()->returncode() == 0) return false;
  if (options_.launcher) return false;
  return was_daemon_ ? process_->all_ended() : true;
}

void ExecutorState::end_process(bool at_once) {
  if (foreign()) return;
  probe_.reset();
  if (process_) {
    process_->update();
    if (!process_->all_ended()) {
      end_was_asked_for_ = true;
      if (at_once) {
        process_->kill(options_.kill_signal);
      } else {
        process_->stop(options_.stop_signal, scaled(options_.stop_timeout), options_.kill_signal);
      }
    }
  }
  std_in_.reset();
  placeholder_values_.on_stopped();
}

void ExecutorState::stop() {
  const bool was_there = running();
  end_process(false);
  if (foreign() || !process_ || std::exchange(status_was_seen_, true)) return;
  if (process_->lost()) {
    throw ProcessFinishedWithError(
        failure_report(*this, absl::StrCat("was lost: ", process_->loss_in_words())),
        ExitStatus::from_wait_status(SIGKILL));
  }
  const ExitStatus status = *process_->main_status();
  if (status.returncode() == 0 || status.signal() == options_.stop_signal ||
      status.returncode() == options_.expected_returncode) {
    return;
  }
  std::string headline;
  if (process_->had_to_be_killed()) {
    headline = absl::StrCat("did not end within ", in_words(scaled(options_.stop_timeout)), " of ",
                            signal_name(options_.stop_signal), ": ", status.to_string());
  } else {
    headline =
        absl::StrCat(was_there ? "" : "had ended before it was stopped: ", status.to_string(),
                     was_there ? " when it was stopped" : "");
  }
  std::string wanted =
      absl::StrCat("0 or an end by ", signal_name(options_.stop_signal), " is right");
  if (options_.expected_returncode) {
    absl::StrAppend(&wanted, ", so is ", *options_.expected_returncode);
  } else {
    wanted += "; Options::expected_returncode names another status that is";
  }
  FailureFacts facts;
  facts.hint = wanted;
  throw ProcessFinishedWithError(failure_report(*this, headline, facts), status);
}

void ExecutorState::stop_quietly() {
  status_was_seen_ = true;
  stop();
}

void ExecutorState::kill() {
  end_process(true);
  status_was_seen_ = true;
}

ExitStatus ExecutorState::wait(std::chrono::milliseconds timeout) {
  if (!process_ || foreign()) {
    throw ExecutorError(name_ + ": there is nothing to wait for: it was not started here");
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
    throw ExecutorError(
        failure_report(*this, absl::StrCat("was lost: ", process_->loss_in_words())));
  }
  return *process_->main_status();
}

void ExecutorState::pause() {
  if (process_ && !foreign()) process_->pause();
}

void ExecutorState::resume() {
  if (process_ && !foreign()) process_->resume();
}

}  // namespace mirakuru::detail
