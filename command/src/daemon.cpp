#include "daemon.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "executor/executor_impl.hpp"
#include "process/socket_message.hpp"
#include "resources/directory.hpp"
#include "service_record.hpp"

namespace mirakuru::command {
namespace {

detail::UniqueFd listen_at(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    throw std::system_error(ENAMETOOLONG, std::generic_category(), path);
  }
  std::memcpy(address.sun_path, path.c_str(), path.size());
  detail::UniqueFd socket(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  // Before it has a name: where a service runs as another user, its directory can be passed
  // through.
  ::fchmod(socket.get(), 0600);
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(socket.get(), SOMAXCONN) != 0) {
    throw std::system_error(errno, std::generic_category(), path);
  }
  return socket;
}

void answer(const detail::UniqueFd& asker, std::string_view text) {
  while (!text.empty()) {
    const std::string_view part = text.substr(0, 4096);
    if (::send(asker.get(), part.data(), part.size(), MSG_NOSIGNAL) < 0) return;
    text.remove_prefix(part.size());
  }
}

// For this user alone, also in a directory that others can look into.
void write_log(const std::string& path, const std::string& text) {
  std::error_code ignored;
  std::filesystem::remove(path, ignored);  // an earlier one keeps its mode
  detail::UniqueFd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)).reset();
  std::ofstream(path, std::ios::binary) << text;
}

}  // namespace

void refuse_second(const std::string& name, const std::string& directory) {
  if (const auto other = detail::find_record(name, directory)) {
    throw AlreadyRunning(absl::StrCat(name, " runs already (pid ", other->pid, "); `mirakuru down ",
                                      name, "` stops it"));
  }
}

Daemon::Daemon(Group& group, std::string directory, pid_t owner)
    : group_(group),
      directory_(std::move(directory)),
      path_(detail::run_directory() + "/daemon.sock"),
      socket_(listen_at(path_)),
      clients_(group) {
  const detail::UniqueFd lock = detail::lock_directory(directory_);
  for (SimpleExecutor* executor : group_.started()) refuse_second(executor->name(), directory_);
  for (SimpleExecutor* executor : group_.started()) {
    detail::publish_record(detail::record_of(detail::impl_of(*executor), path_, owner), directory_);
  }
}

Daemon::~Daemon() {
  // Once they are stopped, somebody else may have announced services of these names.
  if (socket_) withdraw_all();
  ::unlink(path_.c_str());
}

void Daemon::wait_on(detail::WaitSet& set) const {
  set.add(socket_.get());
  clients_.wait_on(set);
}

bool Daemon::serve() {
  clients_.look();
  detail::UniqueFd asker(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (!asker) return false;
  // Whoever connects and says nothing shall not keep us from seeing the owner's end.
  const timeval patience{1, 0};
  ::setsockopt(asker.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  char buffer[512];
  detail::UniqueFd err;
  const ssize_t size = detail::receive_message(asker.get(), buffer, sizeof buffer, err);
  // Who only wanted to know whether somebody is here has gone by now.
  const std::string_view question(buffer, static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  if (question == detail::kFlush) {
    for (SimpleExecutor* executor : group_.started()) detail::impl_of(*executor).flush();
  }
  if (question.substr(0, question.find('\t')) == detail::kWatchClient) {
    clients_.add(std::move(asker), question, std::move(err));
    return false;
  }
  if (question != detail::kStop) return false;
  asker_ = std::move(asker);
  return true;
}

void Daemon::withdraw_all() {
  for (SimpleExecutor* executor : group_.started())
    detail::withdraw_record(executor->name(), directory_);
}

std::vector<std::string> Daemon::stop() {
  // From now on nobody finds them.
  withdraw_all();
  socket_.reset();
  std::vector<std::string> errors = group_.stop();
  for (SimpleExecutor* executor : group_.started()) {
    const std::string path = absl::StrCat(directory_, "/", executor->name());
    write_log(path + ".stdout.log", executor->output().text());
    write_log(path + ".stderr.log", executor->err_output().text());
  }
  if (asker_) {
    answer(asker_, absl::StrJoin(errors, "\n"));
    asker_.reset();
  }
  return errors;
}

}  // namespace mirakuru::command
