// How an executor's command and options become a process.
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/log.hpp"
#include "base/text.hpp"
#include "checks/check_implementation.hpp"
#include "executor/executor_state.hpp"
#include "executor/failure_report.hpp"
#include "executor/options_check.hpp"
#include "mirakuru/errors.hpp"
#include "process/supervisor_client.hpp"

namespace mirakuru::detail {
namespace {

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

// Why the kernel refused to run it: execve(2) has one errno for several mistakes.
bool can_be_executed(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored) && ::access(path.c_str(), X_OK) == 0;
}

std::string why_not_executed(int error, const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  std::string what = absl::StrCat(readable(path), ": ", errno_in_words(error));
  if (error == ENOENT && fs::exists(path, ignored)) {
    return what + "; the file is there, but its interpreter (#! line) or loader is not";
  }
  if (error == EACCES && fs::is_directory(path, ignored)) return what + "; it is a directory";
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

LaunchContext ExecutorState::launch_context() const {
  LaunchContext result;
  if (options_.inherit_env) {
    for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
      const std::pair<std::string, std::string> entry =
          absl::StrSplit(*variable, absl::MaxSplits('=', 1));
      result.environment[entry.first] = entry.second;
    }
    result.environment.erase(kServicesVariable);
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
        stream.log = LogReader(absl::StrCat(placeholder_values_.directory().path(),
                                            number == 1 ? "/stdout.log" : "/stderr.log"),
                               leads_to.limit() / 2, leads_to.limit() / 4, 0);
      }
    }
    stream.begin = stream.log.end();
    stream.cursor = LineCursor(stream.begin);
  }
}

void ExecutorState::open_streams(LaunchRequest& launch) {
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
      if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        throw std::system_error(errno, std::generic_category(), "pipe2");
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
      (number == 1 ? launch.spec.stdout_log : launch.spec.stderr_log) =
          protocol::LogLimit{log.head(), log.segment(), log.end()};
      launch.log_names[static_cast<std::size_t>(number - 1)] =
          std::filesystem::path(log.path()).filename().string();
      captured = true;
    }
  }
  if (!captured) return;
  launch.fds[protocol::kLogDir] =
      open_or_fail(placeholder_values_.directory().path(), O_PATH | O_DIRECTORY);
  const char* echo = std::getenv("MIRAKURU_ECHO");
  if (echo != nullptr && *echo != '\0' && absl::string_view(echo) != "0") {
    launch.fds[protocol::kEcho] = copy_of(STDERR_FILENO);
  }
}

void ExecutorState::set_user(LaunchRequest& launch) {
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
  placeholder_values_.directory().hand_over(user->pw_uid, user->pw_gid);
}

std::string ExecutorState::resolve_program(const LaunchContext& launch_context) const {
  std::string program = expand(command_.words().front());
  if (program.find('/') != std::string::npos) return program;
  const auto variable = launch_context.environment.find("PATH");
  // What execvp(3) does where there is no PATH.
  const std::string path =
      variable == launch_context.environment.end() ? "/bin:/usr/bin" : variable->second;
  int error = ENOENT;
  std::string tried = program;
  std::string what =
      absl::StrCat("there is no program '", readable(program), "': ", errno_in_words(ENOENT));
  for (const auto directory : absl::StrSplit(path, ':', absl::SkipEmpty())) {
    const std::string candidate = absl::StrCat(directory, "/", program);
    if (can_be_executed(candidate)) return std::filesystem::absolute(candidate).string();
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
  LaunchContext launch_context;
  try {
    if (!waits_) open_logs();
    launch_context = this->launch_context();
    if (probe_) probe_->add_to(launch_context.environment);
    LaunchRequest launch;
    launch.name = name_;
    open_streams(launch);
    if (!options_.user.empty()) set_user(launch);
    launch.fds[protocol::kCwd] =
        open_or_fail(launch_context.cwd.empty() ? "." : launch_context.cwd, O_PATH | O_DIRECTORY);
    program = resolve_program(launch_context);
    launch.program = program;
    for (const std::string& word : command_.words()) launch.arguments.push_back(expand(word));
    for (const auto& [variable, value] : launch_context.environment) {
      launch.environment.push_back(absl::StrCat(variable, "=", value));
    }
    launch.spec.stop_signal = options_.stop_signal;
    launch.spec.kill_signal = options_.kill_signal;
    placeholder_values_.on_start();
    constexpr std::chrono::milliseconds kLongestGrace(2000);
    launch.spec.orphan_grace_ms = std::min(kLongestGrace, options_.stop_timeout).count();
    ServiceProcess process(std::move(launch));
    process.wait_until_launched(
        Deadline::after(std::max(scaled(options_.start_timeout), scaled(kSilence))));
    process_.emplace(std::move(process));
    if (log_enabled(LogLevel::info)) {
      log(LogLevel::info,
          absl::StrCat(name_, ": started, pid ", process_->pid(), ": ", command_.to_string()));
    }
  } catch (const StartError& error) {
    throw StartError(failure_report(*this, absl::StrCat("cannot be started: ", error.what())),
                     error.code(), error.path());
  } catch (const LaunchError& error) {
    fail_to_launch(error, program, launch_context.cwd);
  }
}

void ExecutorState::fail_to_launch(const LaunchError& error, const std::string& program,
                                   const std::string& cwd) const {
  namespace fs = std::filesystem;
  std::string path = program;
  std::string what;
  switch (error.stage) {
    case protocol::Stage::exec: {
      // A relative path counts from the directory that the service runs in.
      const std::string seen_from_here = fs::path(program).is_relative() && !cwd.empty()
                                             ? (fs::path(cwd) / program).string()
                                             : program;
      what = why_not_executed(error.error, seen_from_here);
      path = seen_from_here;
      break;
    }
    case protocol::Stage::cwd:
      path = cwd.empty() ? "." : cwd;
      what = absl::StrCat("cannot run in the directory ", readable(path), ": ",
                          errno_in_words(error.error));
      break;
    case protocol::Stage::user:
      path = options_.user;
      what = absl::StrCat("cannot become the user '", readable(path),
                          "': ", errno_in_words(error.error));
      break;
    case protocol::Stage::streams:
      what = absl::StrCat("cannot set up its streams: ", errno_in_words(error.error));
      break;
    case protocol::Stage::shepherd:
      what = "its shepherd, the process that watches over it, was killed";
      break;
    default:
      what = absl::StrCat("no process can be had: ", errno_in_words(error.error));
      break;
  }
  throw StartError(failure_report(*this, absl::StrCat("cannot be started: ", what)),
                   std::error_code(error.error, std::generic_category()), path);
}

}  // namespace mirakuru::detail
