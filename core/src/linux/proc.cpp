#include "linux/proc.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <system_error>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/text.hpp"
#include "base/unique_fd.hpp"

namespace mirakuru::detail::os {
namespace {

struct CloseDirectory {
  void operator()(DIR* directory) const { ::closedir(directory); }
};

// Calls `visit` with the name of each entry; false if the directory cannot be read.
template <typename Visit>
bool for_each_entry(const std::string& path, Visit visit) {
  const std::unique_ptr<DIR, CloseDirectory> directory(::opendir(path.c_str()));
  if (directory == nullptr) return false;
  while (const dirent* entry = ::readdir(directory.get())) {
    if (entry->d_name[0] != '.') visit(entry->d_name);
  }
  return true;
}

// The fields of /proc/PID/stat after the program's name, which may itself contain blanks and
// parentheses; see proc(5). Field 3 (the state) comes first.
std::vector<std::string> stat_fields(pid_t pid) {
  const std::string text = read_proc(absl::StrCat("/proc/", pid, "/stat")).value_or("");
  const std::size_t end = text.rfind(')');
  if (end == std::string::npos || end + 2 > text.size()) return {};
  return absl::StrSplit(absl::string_view(text).substr(end + 2), ' ');
}

// The children of each of its threads; nullopt if the kernel has no such list
// (CONFIG_PROC_CHILDREN).
std::optional<std::vector<pid_t>> listed_children(pid_t pid) {
  std::vector<pid_t> children;
  bool listed = false;
  const std::string tasks = absl::StrCat("/proc/", pid, "/task");
  for_each_entry(tasks, [&](const char* task) {
    const auto text = read_proc(absl::StrCat(tasks, "/", task, "/children"));
    if (!text) return;
    listed = true;
    for (const auto word : absl::StrSplit(*text, ' ', absl::SkipWhitespace())) {
      pid_t child = 0;
      if (absl::SimpleAtoi(word, &child)) children.push_back(child);
    }
  });
  if (!listed) return std::nullopt;
  return children;
}

std::multimap<pid_t, pid_t> children_by_parent() {
  std::multimap<pid_t, pid_t> result;
  for_each_entry("/proc", [&](const char* name) {
    pid_t pid = 0;
    if (!absl::SimpleAtoi(name, &pid)) return;
    const auto fields = stat_fields(pid);
    pid_t parent = 0;
    if (fields.size() > 1 && absl::SimpleAtoi(fields[1], &parent)) result.emplace(parent, pid);
  });
  return result;
}

}  // namespace

void require_process_tree() {
  const auto status = read_proc("/proc/self/status");
  if (!status) {
    const int error = errno;
    // This is a /proc, but our process is not in it.
    if (error == ENOENT && ::access("/proc/uptime", F_OK) == 0) fail_as_foreign_proc();
    throw std::system_error(error, std::generic_category(),
                            "the processes of a service are found in /proc, which cannot be read");
  }
  // Our pid in each namespace from that of /proc down to our own: one entry if they are the same.
  // Comparing /proc/self with getpid() is not enough: the two numbers may be equal by chance.
  // Kernels without pid namespaces do not have the line.
  constexpr absl::string_view kPids = "\nNSpid:\t";
  const std::size_t at = status->find(kPids.data(), 0, kPids.size());
  if (at == std::string::npos) return;
  const std::size_t begin = at + kPids.size();
  const std::string pids = status->substr(begin, status->find('\n', begin) - begin);
  if (pids != absl::StrCat(::getpid())) fail_as_foreign_proc();
}

void fail_as_foreign_proc() {
  throw std::system_error(
      ENOTSUP, std::generic_category(),
      "the processes of a service are found in /proc, which shows those of another pid namespace "
      "here; mount a /proc of this namespace (unshare --mount-proc, or mount -t proc proc /proc; "
      "in a container, do not mount the host's)");
}

std::vector<pid_t> process_tree(pid_t root) {
  std::vector<pid_t> tree{root};
  std::optional<std::multimap<pid_t, pid_t>> by_parent;
  for (std::size_t i = 0; i < tree.size(); ++i) {
    const pid_t pid = tree[i];
    if (!by_parent) {
      if (auto children = listed_children(pid)) {
        tree.insert(tree.end(), children->begin(), children->end());
        continue;
      }
      if (!alive(pid)) continue;
      by_parent = children_by_parent();
    }
    for (auto [it, end] = by_parent->equal_range(pid); it != end; ++it) tree.push_back(it->second);
  }
  return tree;
}

bool alive(pid_t pid) {
  const auto fields = stat_fields(pid);
  return !fields.empty() && fields[0] != "Z" && fields[0] != "X";
}

std::time_t start_time(pid_t pid) {
  constexpr std::size_t kStartTime = 22 - 3;  // field 22 of proc(5), in clock ticks since the boot
  const auto fields = stat_fields(pid);
  std::int64_t ticks = 0;
  if (fields.size() <= kStartTime || !absl::SimpleAtoi(fields[kStartTime], &ticks)) return 0;
  timespec wall{};
  timespec since_boot{};
  ::clock_gettime(CLOCK_REALTIME, &wall);
  ::clock_gettime(CLOCK_BOOTTIME, &since_boot);
  return wall.tv_sec - since_boot.tv_sec + ticks / ::sysconf(_SC_CLK_TCK);
}

std::string describe_process(pid_t pid) {
  std::string name = read_proc(absl::StrCat("/proc/", pid, "/comm")).value_or("");
  while (!name.empty() && name.back() == '\n') name.pop_back();
  if (name.empty()) return absl::StrCat("pid ", pid);
  // The kernel truncates it to 15 bytes; the arguments may begin with the full name.
  const std::string arguments = read_proc(absl::StrCat("/proc/", pid, "/cmdline")).value_or("");
  const std::string program = std::filesystem::path(arguments.c_str()).filename().string();
  if (program.compare(0, name.size(), name) == 0) name = program;
  return absl::StrCat(readable(name), " (pid ", pid, ")");
}

// Files in /proc have no size; they are read until their end.
std::optional<std::string> read_proc(const std::string& path) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return std::nullopt;
  std::string text;
  std::array<char, 4096> buffer;
  for (ssize_t n = 0; (n = ::read(file.get(), buffer.data(), buffer.size())) > 0;) {
    text.append(buffer.data(), static_cast<std::size_t>(n));
  }
  return text;
}

std::vector<pid_t> all_pids() {
  std::vector<pid_t> pids;
  for_each_entry("/proc", [&](const char* name) {
    pid_t pid = 0;
    if (absl::SimpleAtoi(name, &pid)) pids.push_back(pid);
  });
  return pids;
}

// Whether one of the descriptors of `pid` is one of `sockets`; nullopt without permission to read
// them.
std::optional<bool> holds_one_of(pid_t pid, const std::vector<ino_t>& sockets) {
  const std::string directory = absl::StrCat("/proc/", pid, "/fd");
  bool found = false;
  const bool readable_directory = for_each_entry(directory, [&](const char* name) {
    if (found) return;
    std::array<char, 64> link;
    const ssize_t n =
        ::readlink(absl::StrCat(directory, "/", name).c_str(), link.data(), link.size() - 1);
    if (n <= 0) return;
    const absl::string_view target(link.data(), static_cast<std::size_t>(n));
    if (target.substr(0, 8) != "socket:[") return;
    ino_t inode = 0;
    found = absl::SimpleAtoi(target.substr(8, target.size() - 9), &inode) &&
            std::find(sockets.begin(), sockets.end(), inode) != sockets.end();
  });
  if (!readable_directory && alive(pid)) return std::nullopt;
  return found;
}

}  // namespace mirakuru::detail::os
