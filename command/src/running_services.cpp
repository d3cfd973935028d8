#include "running_services.hpp"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "linux/proc.hpp"
#include "service_record.hpp"

namespace mirakuru::command {
namespace {

namespace fs = std::filesystem;

std::string content(const std::string& path) {
  const std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string mark_of(pid_t pid) {
  // Only the user's own can be read; root, too, only looks at its own.
  struct stat status {};
  const std::string directory = absl::StrCat("/proc/", pid);
  if (stat(directory.c_str(), &status) != 0 || status.st_uid != geteuid()) return "";
  const std::string environment = content(directory + "/environ");
  for (const absl::string_view variable : absl::StrSplit(environment, '\0')) {
    constexpr absl::string_view kMark = "mirakuru_uuid=";
    if (absl::StartsWith(variable, kMark)) return std::string(variable.substr(kMark.size()));
  }
  return "";
}

std::uint64_t resident_bytes(pid_t pid) {
  const std::vector<std::string> fields =
      absl::StrSplit(content(absl::StrCat("/proc/", pid, "/statm")), ' ');
  std::uint64_t pages = 0;
  if (fields.size() < 2 || !absl::SimpleAtoi(fields[1], &pages)) return 0;
  return pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

// proc(5), /proc/net/tcp: the fourth field is the state, 0A for a listening socket; the tenth is
// the inode.
std::map<std::string, int> listening_ports() {
  std::map<std::string, int> ports;
  for (const char* path : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    std::istringstream lines(content(path));
    for (std::string line; std::getline(lines, line);) {
      const std::vector<std::string> fields = absl::StrSplit(line, ' ', absl::SkipEmpty());
      if (fields.size() < 10 || fields[3] != "0A") continue;
      const std::string& address = fields[1];
      ports[absl::StrCat("socket:[", fields[9], "]")] =
          static_cast<int>(std::strtol(address.c_str() + address.find(':') + 1, nullptr, 16));
    }
  }
  return ports;
}

void add_ports(pid_t pid, const std::map<std::string, int>& listening, std::set<int>& ports) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(absl::StrCat("/proc/", pid, "/fd"), error)) {
    const auto found = listening.find(fs::read_symlink(entry.path(), error).string());
    if (found != listening.end()) ports.insert(found->second);
  }
}

// With what the system knows of these processes.
RunningService described(std::vector<pid_t> pids) {
  RunningService service;
  const std::map<std::string, int> listening = listening_ports();
  std::set<int> ports;
  for (const pid_t pid : pids) {
    service.memory += resident_bytes(pid);
    add_ports(pid, listening, ports);
  }
  service.ports.assign(ports.begin(), ports.end());
  service.since = detail::os::start_time(pids.front());
  service.name = content(absl::StrCat("/proc/", pids.front(), "/comm"));
  service.name = service.name.substr(0, service.name.find('\n'));
  service.pids = std::move(pids);
  return service;
}

// A process that began after the service has only reused the owner's pid. Times have a resolution
// of a second, and may differ by one between two reads.
bool lives(pid_t owner, std::time_t service_since) {
  return detail::os::alive(owner) && detail::os::start_time(owner) <= service_since + 1;
}

}  // namespace

std::vector<RunningService> running_services(const std::string& directory) {
  std::vector<RunningService> services;
  std::set<pid_t> seen;
  for (const detail::ServiceRecord& one : detail::all_records(directory)) {
    if (!detail::os::alive(one.pid)) continue;  // its record stays until it is stopped
    RunningService service = described(detail::os::process_tree(one.pid));
    service.name = one.name;
    service.owner = one.owner;
    service.owner_lives = lives(one.owner, service.since);
    seen.insert(service.pids.begin(), service.pids.end());
    services.push_back(std::move(service));
  }
  std::map<std::string, std::vector<pid_t>> marked;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/proc", error)) {
    pid_t pid = 0;
    if (!absl::SimpleAtoi(entry.path().filename().string(), &pid) || seen.count(pid) > 0 ||
        !detail::os::alive(pid)) {
      continue;
    }
    const std::string mark = mark_of(pid);
    if (!mark.empty()) marked[mark].push_back(pid);
  }
  for (auto& [mark, pids] : marked) {
    // Pids mostly grow; those that began in the same second are told apart by them.
    std::sort(pids.begin(), pids.end(), [](pid_t a, pid_t b) {
      return std::make_pair(detail::os::start_time(a), a) <
             std::make_pair(detail::os::start_time(b), b);
    });
    RunningService service = described(pids);
    if (absl::SimpleAtoi(mark.substr(0, mark.find(':')), &service.owner)) {
      service.owner_lives = lives(service.owner, service.since);
    }
    services.push_back(std::move(service));
  }
  std::sort(services.begin(), services.end(),
            [](const auto& a, const auto& b) { return a.pids.front() < b.pids.front(); });
  return services;
}

std::string owner_in_words(const RunningService& service) {
  if (service.owner_lives) return detail::os::describe_process(service.owner);
  return absl::StrCat("gone (pid ", service.owner, ")");
}

}  // namespace mirakuru::command
