#include "executor_state.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "check_definition.hpp"
#include "launch.hpp"
#include "log.hpp"
#include "mirakuru/errors.hpp"
#include "mirakuru/simple_executor.hpp"
#include "options_check.hpp"
#include "placeholders.hpp"
#include "story.hpp"
#include "text.hpp"

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

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

UniqueFd open_or_fail(const std::string& path, int flags, mode_t mode = 0) {
  UniqueFd file(::open(path.c_str(), flags | O_CLOEXEC | O_NOCTTY, mode));
  if (!file) {
    const int error = errno;
    throw StartError(absl::StrCat("cannot open ", readable(path), ": ", errno_in_words(error)),
                     std::error_code(error, std::generic_category()), path);
  }
  return file;
}

UniqueFd copy_of(int fd) {
  UniqueFd copy(::fcntl(fd, F_DUPFD_CLOEXEC, 3));
  // A test program may run without one of its standard streams.
  return copy ? std::move(copy) : open_or_fail("/dev/null", O_RDWR);
}

bool has_port(const Command& command, const std::optional<Check>& check, const Options& options) {
  const auto& words = command.words();
  return std::any_of(words.begin(), words.end(), uses_plain_port) ||
         std::any_of(options.env.begin(), options.env.end(),
                     [](const auto& entry) { return uses_plain_port(entry.second); }) ||
         uses_plain_port(options.cwd) || (check && uses_plain_port(check->to_string()));
}

// Why the kernel refused to run it: execve(2) has one errno for several mistakes.
std::string why_not_executed(int error, const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  std::string what = absl::StrCat(readable(path), ": ", errno_in_words(error));
  if (error == ENOENT && fs::exists(path, ignored)) {
    return what + "; the file is there, but its interpreter (#! line) or loader is not";
  }
  if (error == EACCES && fs::is_directory(path, ignored)) return what + "; it is a folder";
  if (error == EACCES && ::access(path.c_str(), F_OK) == 0 && ::access(path.c_str(), X_OK) != 0) {
    return what + "; it is not executable";
  }
  if (error == ENOEXEC) return what + "; it is neither a binary of this machine nor begins with #!";
  return what;
}

protocol::StreamMode mode_of(const Stream& stream) {
  switch (stream.kind()) {
    case Stream::Kind::capture:
    case Stream::Kind::file:
      return protocol::StreamMode::capture;
    case Stream::Kind::terminal:
      return protocol::StreamMode::terminal;
    case Stream::Kind::to_stdout:
      return protocol::StreamMode::merged;
    default:
      return protocol::StreamMode::direct;
  }
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
      places_(name_),
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
  places_.adopt(handle);
  attached_ = true;
}

int ExecutorState::port(const std::string& name) const {
  if (name.empty() && !names_port_ && !places_.has_port(name)) {
    const std::optional<Endpoint> endpoint =
        check_ ? check_->definition().endpoint() : std::nullopt;
    int port = 0;
    if (endpoint && absl::SimpleAtoi(expand(endpoint->port()), &port)) return port;
    throw std::invalid_argument(absl::StrCat(
        name_, ": port(): it has none: neither {port} nor a port of its check is used"));
  }
  return places_.port(name);
}

Surroundings ExecutorState::surroundings() const {
  Surroundings result;
  if (options_.inherit_env) {
    for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
      const std::pair<std::string, std::string> entry =
          absl::StrSplit(*variable, absl::MaxSplits('=', 1));
      result.environment[entry.first] = entry.second;
    }
  }
  if (const passwd* user = options_.user.empty() ? nullptr : ::getpwnam(options_.user.c_str())) {
    result.environment["HOME"] = user->pw_dir;
    result.environment["USER"] = result.environment["LOGNAME"] = user->pw_name;
  }
  for (const auto& [variable, value] : options_.env) result.environment[variable] = expand(value);
  // By this a person, or `reap`, finds what a test program left behind.
  result.environment["mirakuru_uuid"] = absl::StrCat(owner_, ":", uuid_);
  result.cwd = expand(options_.cwd);
  return result;
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
  const std::optional<std::string> who = probe_ ? probe_->who_is_there() : std::nullopt;
  stranger_ = who.value_or("");
  return who.has_value();
}

bool ExecutorState::probe_says_ready() {
  if (probe_ == nullptr || probe_is_ready_) return probe_is_ready_;
  probe_was_asked_ = true;
  probe_is_ready_ = probe_->ready();
  return probe_is_ready_;
}

// --- the steps of a start ---

void ExecutorState::begin_check() {
  stranger_.clear();
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
  if (process_) process_->kill(options_.kill_signal);
  status_was_seen_ = true;  // the failed start has told it
  std_in_.reset();
  places_.on_stopped();
}

void ExecutorState::open_logs() {
  for (const int number : {1, 2}) {
    const Stream& leads_to = number == 1 ? options_.std_out : options_.std_err;
    CapturedStream& stream = this->stream(number);
    if (is_captured(leads_to) && stream.log.path().empty()) {
      if (leads_to.kind() == Stream::Kind::file) {
        const std::string path = std::filesystem::absolute(expand(leads_to.path())).string();
        std::error_code error;
        const auto size = std::filesystem::file_size(path, error);
        stream.log = LogReader(path, 0, 0, error ? 0 : size);
      } else {
        stream.log = LogReader(
            absl::StrCat(places_.folder().path(), number == 1 ? "/stdout.log" : "/stderr.log"),
            leads_to.limit() / 2, leads_to.limit() / 4, 0);
      }
    }
    stream.begin = stream.log.end();
    stream.cursor = LineCursor(stream.begin);
  }
}

void ExecutorState::open_streams(Launch& launch) {
  using Kind = Stream::Kind;
  switch (options_.std_in.kind()) {
    case Kind::null:
      launch.fds[protocol::kStdin] = open_or_fail("/dev/null", O_RDONLY);
      break;
    case Kind::inherit:
      launch.fds[protocol::kStdin] = copy_of(STDIN_FILENO);
      break;
    case Kind::file:
      launch.fds[protocol::kStdin] = open_or_fail(expand(options_.std_in.path()), O_RDONLY);
      break;
    default: {
      std::array<int, 2> ends{};
      if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail("pipe2");
      launch.fds[protocol::kStdin].reset(ends[0]);
      std_in_.reset(ends[1]);
      ::fcntl(std_in_.get(), F_SETFL, O_NONBLOCK);  // ours alone: the other end still blocks
    }
  }

  bool captured = false;
  for (const int number : {1, 2}) {
    const Stream& leads_to = number == 1 ? options_.std_out : options_.std_err;
    const LogReader& log = stream(number).log;
    UniqueFd& fd = launch.fds[number == 1 ? protocol::kStdout : protocol::kStderr];
    (number == 1 ? launch.spec.stdout_mode : launch.spec.stderr_mode) = mode_of(leads_to);
    if (leads_to.kind() == Kind::null) {
      fd = open_or_fail("/dev/null", O_WRONLY);
    } else if (leads_to.kind() == Kind::inherit) {
      fd = copy_of(number);
    } else if (is_captured(leads_to)) {
      // Captured logs are for the test's user alone, files of the user's own as the umask says.
      fd = open_or_fail(log.path(), O_WRONLY | O_CREAT | O_APPEND, log.head() == 0 ? 0666 : 0600);
      (number == 1 ? launch.spec.stdout_log : launch.spec.stderr_log) = {log.head(), log.segment(),
                                                                         log.end()};
      launch.log_names[static_cast<std::size_t>(number - 1)] =
          std::filesystem::path(log.path()).filename().string();
      captured = true;
    }
  }
  if (!captured) return;
  launch.fds[protocol::kLogDir] = open_or_fail(places_.folder().path(), O_PATH | O_DIRECTORY);
  const char* echo = std::getenv("MIRAKURU_ECHO");
  if (echo != nullptr && *echo != '\0' && absl::string_view(echo) != "0") {
    launch.fds[protocol::kEcho] = copy_of(STDERR_FILENO);
  }
}

void ExecutorState::set_user(Launch& launch) {
  const passwd* user = ::getpwnam(options_.user.c_str());
  if (user == nullptr) {
    throw StartError(absl::StrCat("there is no user '", readable(options_.user), "'"),
                     std::error_code(ENOENT, std::generic_category()), options_.user);
  }
  launch.spec.change_user = 1;
  launch.spec.uid = user->pw_uid;
  launch.spec.gid = user->pw_gid;
  int count = 0;
  ::getgrouplist(user->pw_name, user->pw_gid, nullptr, &count);
  launch.groups.resize(static_cast<std::size_t>(std::max(count, 1)));
  static_assert(sizeof(gid_t) == sizeof(std::uint32_t));
  ::getgrouplist(user->pw_name, user->pw_gid, launch.groups.data(), &count);
  launch.groups.resize(static_cast<std::size_t>(std::max(count, 0)));
  places_.folder().hand_over(user->pw_uid, user->pw_gid);
}

std::string ExecutorState::resolve_program(const Surroundings& surroundings) const {
  std::string program = expand(command_.words().front());
  if (program.find('/') != std::string::npos) return program;
  const auto variable = surroundings.environment.find("PATH");
  // What execvp(3) does where there is no PATH.
  const std::string path =
      variable == surroundings.environment.end() ? "/bin:/usr/bin" : variable->second;
  std::string found = find_program(program, path);
  if (!found.empty()) return std::filesystem::absolute(found).string();
  int error = ENOENT;
  std::string tried = program;
  std::string what = absl::StrCat("there is no program '", readable(program), "'");
  for (const auto folder : absl::StrSplit(path, ':', absl::SkipEmpty())) {
    const std::string candidate = absl::StrCat(folder, "/", program);
    if (error == EACCES || ::access(candidate.c_str(), F_OK) != 0) continue;
    error = EACCES;
    tried = candidate;
    what = why_not_executed(EACCES, candidate);
  }
  if (program.find(' ') != std::string::npos) {
    what += "; was a line meant (\"...\") rather than a list ({...}) of one word?";
  }
  throw StartError(absl::StrCat(what, "; PATH is ", path.empty() ? "empty" : readable(path)),
                   std::error_code(error, std::generic_category()), tried);
}

void ExecutorState::launch() {
  was_ready_ = false;
  end_was_asked_for_ = false;
  status_was_seen_ = false;
  process_.reset();
  std::string program;
  Surroundings surroundings;
  try {
    if (!waits_) open_logs();
    surroundings = this->surroundings();
    if (probe_) probe_->add_to(surroundings.environment);
    Launch launch;
    launch.name = name_;
    open_streams(launch);
    if (!options_.user.empty()) set_user(launch);
    launch.fds[protocol::kWorkingDir] =
        open_or_fail(surroundings.cwd.empty() ? "." : surroundings.cwd, O_PATH | O_DIRECTORY);
    program = resolve_program(surroundings);
    launch.program = program;
    for (const std::string& word : command_.words()) launch.arguments.push_back(expand(word));
    for (const auto& [variable, value] : surroundings.environment) {
      launch.environment.push_back(absl::StrCat(variable, "=", value));
    }
    launch.spec.stop_signal = options_.stop_signal;
    launch.spec.kill_signal = options_.kill_signal;
    places_.on_start();
    constexpr std::chrono::milliseconds kLongestGrace(2000);
    launch.spec.orphan_grace_ms = std::min(kLongestGrace, options_.stop_timeout).count();
    process_.emplace(std::move(launch));
    if (log_enabled(LogLevel::info)) {
      log(LogLevel::info,
          absl::StrCat(name_, ": started, pid ", process_->pid(), ": ", command_.to_string()));
    }
  } catch (const StartError& error) {
    throw StartError(story(*this, absl::StrCat("cannot be started: ", error.what())), error.code(),
                     error.path());
  } catch (const LaunchFailure& failure) {
    fail_to_launch(failure, program, surroundings.cwd);
  }
}

void ExecutorState::fail_to_launch(const LaunchFailure& failure, const std::string& program,
                                   const std::string& cwd) const {
  namespace fs = std::filesystem;
  std::string path = program;
  std::string what;
  switch (failure.stage) {
    case protocol::Stage::exec: {
      // A relative path counts from the folder that the service runs in.
      const std::string seen_from_here = fs::path(program).is_relative() && !cwd.empty()
                                             ? (fs::path(cwd) / program).string()
                                             : program;
      what = why_not_executed(failure.error, seen_from_here);
      path = seen_from_here;
      break;
    }
    case protocol::Stage::working_dir:
      path = cwd.empty() ? "." : cwd;
      what = absl::StrCat("cannot run in the folder ", readable(path), ": ",
                          errno_in_words(failure.error));
      break;
    case protocol::Stage::user:
      path = options_.user;
      what = absl::StrCat("cannot become the user '", readable(path),
                          "': ", errno_in_words(failure.error));
      break;
    case protocol::Stage::streams:
      what = absl::StrCat("cannot set up its streams: ", errno_in_words(failure.error));
      break;
    default:
      what = absl::StrCat("no process can be had: ", errno_in_words(failure.error));
      break;
  }
  throw StartError(story(*this, absl::StrCat("cannot be started: ", what)),
                   std::error_code(failure.error, std::generic_category()), path);
}

// --- the process ---

void ExecutorState::update() const {
  if (process_ && !foreign()) process_->update();
}

void ExecutorState::catch_up() const {
  if (process_ && !foreign()) process_->catch_up();
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
  places_.on_stopped();
}

void ExecutorState::stop() {
  const bool was_there = running();
  end_process(false);
  if (foreign() || !process_ || std::exchange(status_was_seen_, true)) return;
  if (process_->lost()) {
    throw ProcessFinishedWithError(
        story(*this, "was lost: the process that watches over it was killed"),
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
  StoryFacts facts;
  facts.hint = wanted;
  throw ProcessFinishedWithError(story(*this, headline, facts), status);
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
        story(*this, absl::StrCat("did not end within ", in_words(scaled(timeout)))));
  }
  status_was_seen_ = true;
  return process_->main_status().value_or(ExitStatus::from_wait_status(SIGKILL));
}

void ExecutorState::freeze() {
  if (process_ && !foreign()) process_->freeze();
}

void ExecutorState::thaw() {
  if (process_ && !foreign()) process_->thaw();
}

}  // namespace mirakuru::detail
