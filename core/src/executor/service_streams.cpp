#include "executor/service_streams.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/environment.hpp"
#include "executor/executor_impl.hpp"
#include "executor/failure_report.hpp"
#include "executor/launch.hpp"

namespace mirakuru::detail {
namespace {

UniqueFd copy_of(int fd) {
  UniqueFd copy(::fcntl(fd, F_DUPFD_CLOEXEC, 3));
  // A test program may have been started without one of its standard streams.
  return copy ? std::move(copy) : open_or_throw("/dev/null", O_RDWR);
}

protocol::StreamMode mode_of(const Stream& target) {
  switch (target.kind()) {
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

void ServiceLog::open() {
  const Stream& target = target_of(stream(), executor_.options());
  if (is_captured(target) && log().path().empty()) {
    if (target.kind() == Stream::Kind::file) {
      const std::string path = std::filesystem::absolute(executor_.expand(target.path())).string();
      std::error_code error;
      const auto size = std::filesystem::file_size(path, error);
      set_log(LogReader(path, 0, 0, error ? 0 : size));
    } else {
      set_log(LogReader(absl::StrCat(executor_.directory(), "/", to_string(stream()), ".log"),
                        target.limit() / 2, target.limit() / 4, 0));
    }
  }
  begin_at_end();
}

bool ServiceLog::is_deleted() const { return executor_.process() != nullptr && !log().exists(); }

void ServiceLog::flush() { executor_.flush(); }
void ServiceLog::update() { executor_.update(); }

bool ServiceLog::ended() const {
  const ServiceProcess* process = executor_.process();
  return process == nullptr ? !executor_.is_owned_elsewhere() : process->stream_ended(stream());
}

std::optional<ExitStatus> ServiceLog::exit_status() const {
  const ServiceProcess* process = executor_.process();
  return process == nullptr ? std::nullopt : process->main_status();
}

void ServiceLog::wait_on(WaitSet& set) const {
  if (const ServiceProcess* process = executor_.process()) process->wait_on(set);
}

std::string ServiceLog::failure_report(const std::string& headline, const std::string& waited_for) {
  FailureFacts facts;
  facts.waited_for = waited_for;
  return detail::failure_report(executor_, headline, facts);
}

ServiceStreams::ServiceStreams(ExecutorImpl& executor)
    : executor_(executor),
      out_log_(executor, OutputStream::std_out),
      err_log_(executor, OutputStream::std_err),
      out_(out_log_),
      err_(err_log_),
      in_(executor) {}

void ServiceStreams::open_logs() {
  out_log_.open();
  err_log_.open();
}

void ServiceStreams::add_to(LaunchRequest& request) {
  add_std_in(request);
  const bool out_is_captured = add_output(request, OutputStream::std_out);
  const bool err_is_captured = add_output(request, OutputStream::std_err);
  if (!out_is_captured && !err_is_captured) return;
  request.fds[protocol::kLogDir] = open_or_throw(executor_.directory(), O_PATH | O_DIRECTORY);
  if (is_set("MIRAKURU_ECHO")) request.fds[protocol::kEcho] = copy_of(STDERR_FILENO);
}

void ServiceStreams::add_std_in(LaunchRequest& request) {
  UniqueFd& fd = request.fds[protocol::kStdin];
  const Stream& source = executor_.options().std_in;
  switch (source.kind()) {
    case Stream::Kind::null:
      fd = open_or_throw("/dev/null", O_RDONLY);
      break;
    case Stream::Kind::inherit:
      fd = copy_of(STDIN_FILENO);
      break;
    case Stream::Kind::file:
      fd = open_or_throw(executor_.expand(source.path()), O_RDONLY);
      break;
    default: {
      std::array<int, 2> ends{};
      if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw std::system_error(errno, std::generic_category(), "pipe2");
      }
      fd.reset(ends[0]);
      std_in_.reset(ends[1]);
      ::fcntl(std_in_.get(), F_SETFL, O_NONBLOCK);  // of our end alone: the other end still blocks
    }
  }
}

bool ServiceStreams::add_output(LaunchRequest& request, OutputStream stream) {
  const bool is_stdout = stream == OutputStream::std_out;
  const Stream& target = target_of(stream, executor_.options());
  UniqueFd& fd = request.fds[is_stdout ? protocol::kStdout : protocol::kStderr];
  (is_stdout ? request.spec.stdout_mode : request.spec.stderr_mode) = mode_of(target);
  if (target.kind() == Stream::Kind::null) fd = open_or_throw("/dev/null", O_WRONLY);
  if (target.kind() == Stream::Kind::inherit)
    fd = copy_of(is_stdout ? STDOUT_FILENO : STDERR_FILENO);
  if (!is_captured(target)) return false;

  const LogReader& log = this->log(stream).log();
  // Only the user of the test may read captured logs; the user's own files follow the umask.
  fd = open_or_throw(log.path(), O_WRONLY | O_CREAT | O_APPEND, log.head() == 0 ? 0666 : 0600);
  (is_stdout ? request.spec.stdout_log : request.spec.stderr_log) =
      protocol::LogLimit{log.head(), log.segment(), log.end()};
  request.log_names[index_of(stream)] = std::filesystem::path(log.path()).filename().string();
  return true;
}

}  // namespace mirakuru::detail
