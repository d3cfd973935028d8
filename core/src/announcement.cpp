#include "announcement.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <system_error>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "socket_message.hpp"
#include "unique_fd.hpp"

namespace mirakuru::detail {
namespace {

constexpr char kSuffix[] = ".service";

std::string path_of(const std::string& name, const std::string& folder) {
  return absl::StrCat(folder, "/", name, kSuffix);
}

template <typename Number>
Number number_of(absl::string_view text) {
  std::int64_t number = 0;
  return absl::SimpleAtoi(text, &number) ? static_cast<Number>(number) : Number{};
}

std::string to_text(const Announcement& service) {
  std::string text;
  const auto add = [&](const auto&... fields) {
    absl::StrAppend(&text, fields...);
    text += '\n';
  };
  add("name\t", service.name);
  add("keeper\t", service.keeper);
  add("owner\t", service.owner);
  add("pid\t", service.pid);
  add("since\t", service.since);
  // A command may hold newlines; this one is for people.
  add("command\t", absl::StrReplaceAll(service.command, {{"\n", " "}, {"\t", " "}}));
  add("tmpdir\t", service.tmpdir);
  for (const auto& [name, port] : service.ports) add("port\t", name, "\t", port);
  for (const Announcement::Log& log : service.logs) {
    add("log\t", log.head, "\t", log.segment, "\t", log.origin, "\t", log.begin, "\t", log.path);
  }
  return text;
}

Announcement from_text(std::istream& text) {
  Announcement service;
  std::size_t logs = 0;
  for (std::string line; std::getline(text, line);) {
    const std::vector<std::string> fields = absl::StrSplit(line, '\t');
    if (fields.size() < 2) continue;
    const std::string& key = fields[0];
    const std::string& value = fields[1];
    if (key == "name") service.name = value;
    if (key == "keeper") service.keeper = value;
    if (key == "owner") service.owner = number_of<pid_t>(value);
    if (key == "pid") service.pid = number_of<pid_t>(value);
    if (key == "since") service.since = number_of<std::time_t>(value);
    if (key == "command") service.command = value;
    if (key == "tmpdir") service.tmpdir = value;
    if (key == "port" && fields.size() == 3) service.ports[value] = number_of<int>(fields[2]);
    if (key == "log" && fields.size() == 6 && logs < service.logs.size()) {
      const auto number = [&](std::size_t i) { return number_of<std::uint64_t>(fields[i]); };
      service.logs[logs++] = {fields[5], number(1), number(2), number(3), number(4)};
    }
  }
  return service;
}

UniqueFd connect_to(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path) return UniqueFd();
  std::memcpy(address.sun_path, path.c_str(), path.size());
  UniqueFd socket(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return UniqueFd();
  }
  return socket;
}

// Others must not plant announcements.
bool is_own_folder(const std::string& folder) {
  struct stat status {};
  return ::lstat(folder.c_str(), &status) == 0 && S_ISDIR(status.st_mode) &&
         status.st_uid == ::geteuid() && (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

void make_own_folder(const std::string& folder) {
  std::filesystem::create_directories(std::filesystem::path(folder).parent_path());
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    throw std::system_error(errno, std::generic_category(), "cannot make the folder " + folder);
  }
  if (!is_own_folder(folder)) {
    throw std::system_error(EPERM, std::generic_category(),
                            folder + " is not a folder that this user alone can write to");
  }
}

}  // namespace

Announcement announcement_of(ExecutorState& executor, const std::string& keeper, pid_t owner) {
  Announcement service;
  service.name = executor.name();
  service.keeper = keeper;
  service.owner = owner;
  service.pid = executor.process()->pid();
  service.since = std::time(nullptr);
  service.command = executor.command_in_words();
  service.tmpdir = executor.expand("{tmpdir}");
  service.ports = executor.places().ports();
  try {
    service.ports[""] = executor.port("");
  } catch (const std::invalid_argument&) {
    // It has none.
  }
  for (const int number : {1, 2}) {
    const ExecutorState::CapturedStream& stream = executor.stream(number);
    service.logs[static_cast<std::size_t>(number - 1)] = {stream.log.path(), stream.log.head(),
                                                          stream.log.segment(), stream.log.origin(),
                                                          stream.begin};
  }
  return service;
}

UniqueFd lock_folder(const std::string& folder) {
  make_own_folder(folder);
  UniqueFd lock(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!lock || ::flock(lock.get(), LOCK_EX) != 0) {
    throw std::system_error(errno, std::generic_category(), "cannot lock the folder " + folder);
  }
  return lock;
}

void announce(const Announcement& announcement, const std::string& folder) {
  const std::string path = path_of(announcement.name, folder);
  const std::string draft = absl::StrCat(path, ".", ::getpid());
  std::ofstream(draft) << to_text(announcement);
  std::filesystem::rename(draft, path);  // who looks sees all of it, or nothing
}

void take_back(const std::string& name, const std::string& folder) {
  std::error_code ignored;
  std::filesystem::remove(path_of(name, folder), ignored);
}

std::optional<Announcement> find_announcement(const std::string& name, const std::string& folder) {
  std::ifstream file(path_of(name, folder));
  if (!file || !is_own_folder(folder)) return std::nullopt;
  Announcement service = from_text(file);
  if (!connect_to(service.keeper)) return std::nullopt;
  return service;
}

std::vector<Announcement> all_announcements(const std::string& folder) {
  std::vector<Announcement> services;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    if (entry.path().extension() != kSuffix) continue;
    if (auto service = find_announcement(entry.path().stem().string(), folder)) {
      services.push_back(std::move(*service));
    }
  }
  std::sort(services.begin(), services.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return services;
}

std::optional<std::string> ask_keeper(const std::string& socket, const std::string& question) {
  const UniqueFd keeper = connect_to(socket);
  if (!keeper || ::send(keeper.get(), question.data(), question.size(), MSG_NOSIGNAL) < 0) {
    return std::nullopt;
  }
  // The answer ends with the connection.
  std::string answer;
  char buffer[4096];
  ssize_t size = 0;
  while ((size = receive_message(keeper.get(), buffer, sizeof buffer, 0)) > 0) {
    answer.append(buffer, static_cast<std::size_t>(size));
  }
  return answer;
}

UniqueFd ask_keeper_to_look_after_me(const std::string& socket, const std::string& service,
                                     std::uint64_t mark, std::uint64_t err_mark) {
  UniqueFd keeper = connect_to(socket);
  if (!keeper) return keeper;
  const std::string request = absl::StrCat(kLookAfterMe, "\t", service, "\t", mark, "\t", err_mark);
  if (!send_message(keeper.get(), request.data(), request.size(), {STDERR_FILENO})) keeper.reset();
  return keeper;
}

void say_goodbye(const UniqueFd& keeper) { send_message(keeper.get(), kGoodbye, sizeof kGoodbye); }

}  // namespace mirakuru::detail
