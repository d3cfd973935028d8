#include "daemon.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/unix_address.hpp"
#include "executor/executor_impl.hpp"
#include "process/socket_message.hpp"
#include "resources/directory.hpp"
#include "service_record.hpp"

namespace mirakuru::command {
namespace {

detail::UniqueFd listen_at(const std::string& path) {
  const detail::UnixAddress address(path);
  detail::UniqueFd socket(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  // Before it has a name: the directory can be entered by others if a service runs as another user.
  ::fchmod(socket.get(), 0600);
  if (::bind(socket.get(), address.get(), address.size()) != 0 ||
      ::listen(socket.get(), SOMAXCONN) != 0) {
    throw std::system_error(errno, std::generic_category(), path);
  }
  return socket;
}

void answer(const detail::UniqueFd& connection, std::string_view text) {
  while (!text.empty()) {
    const std::string_view part = text.substr(0, 4096);
    if (::send(connection.get(), part.data(), part.size(), MSG_NOSIGNAL) < 0) return;
    text.remove_prefix(part.size());
  }
}

// Readable by this user alone, whatever the directory's mode.
void write_log(const std::string& path, const std::string& text) {
  std::error_code ignored;
  std::filesystem::remove(path, ignored);  // an existing file would keep its mode
  detail::UniqueFd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)).reset();
  std::ofstream(path, std::ios::binary) << text;
}

}  // namespace

void require_not_running(const std::string& name, const std::string& directory) {
  if (const auto other = detail::find_record(name, directory)) {
    throw AlreadyRunning(absl::StrCat(name, " is already running (pid ", other->pid,
                                      "); `mirakuru down ", name, "` stops it"));
  }
}

Daemon::Daemon(Group& group, std::string directory, pid_t owner)
    : group_(group),
      directory_(std::move(directory)),
      path_(detail::run_directory() + "/daemon.sock"),
      socket_(listen_at(path_)),
      clients_(group) {
  const detail::UniqueFd lock = detail::lock_directory(directory_);
  for (SimpleExecutor* executor : group_.started())
    require_not_running(executor->name(), directory_);
  for (SimpleExecutor* executor : group_.started()) {
    detail::publish_record(detail::record_of(detail::impl_of(*executor), path_, owner), directory_);
  }
}

Daemon::~Daemon() {
  // After stop() the records may be another daemon's.
  if (socket_) withdraw_all();
  ::unlink(path_.c_str());
}

void Daemon::wait_on(detail::WaitSet& set) const {
  set.add(socket_.get());
  clients_.wait_on(set);
}

bool Daemon::serve() {
  clients_.handle_ended();
  detail::UniqueFd connection(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (!connection) return false;
  // A connection that sends nothing must not keep us from noticing the owner's end.
  const timeval patience{1, 0};
  ::setsockopt(connection.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  char buffer[512];
  detail::UniqueFd err;
  const ssize_t size = detail::receive_message(connection.get(), buffer, sizeof buffer, err);
  // Nothing comes from find_record(), which only tests whether the daemon is alive.
  const std::string_view request(buffer, static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  if (request == detail::kFlush) {
    for (SimpleExecutor* executor : group_.started()) detail::impl_of(*executor).flush();
  }
  if (request.substr(0, request.find('\t')) == detail::kWatchClient) {
    clients_.add(std::move(connection), request, std::move(err));
    return false;
  }
  if (request != detail::kStop) return false;
  stop_request_ = std::move(connection);
  return true;
}

void Daemon::withdraw_all() {
  for (SimpleExecutor* executor : group_.started())
    detail::withdraw_record(executor->name(), directory_);
}

std::vector<std::string> Daemon::stop() {
  // First, so that no program finds services that are stopping.
  withdraw_all();
  socket_.reset();
  std::vector<std::string> errors = group_.stop();
  for (SimpleExecutor* executor : group_.started()) {
    const std::string path = absl::StrCat(directory_, "/", executor->name());
    try {
      write_log(path + ".stdout.log", executor->output().text());
      write_log(path + ".stderr.log", executor->err_output().text());
    } catch (const ExecutorError& error) {
      errors.emplace_back(error.what());  // somebody deleted the logs
    }
  }
  if (stop_request_) {
    answer(stop_request_, absl::StrJoin(errors, "\n"));
    stop_request_.reset();
  }
  return errors;
}

}  // namespace mirakuru::command
