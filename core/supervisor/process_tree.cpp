// Finds descendants in /proc: from the lists of children that most kernels provide (a few
// microseconds for each of our processes), otherwise from the parents of all processes of the
// machine.
#include "process_tree.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/wait.h>

#include <csignal>
#include <cstdio>
#include <cstring>

namespace mirakuru::supervisor {
namespace {

// The kernel's PF_EXITING, in the `flags` of proc(5).
constexpr unsigned kExiting = 4;

struct Status {
  pid_t pid = 0;
  pid_t parent = 0;
  char state = 'X';
  unsigned flags = 0;
};

// Calls `use` with each entry of the directory whose name is a number.
template <typename Use>
void for_each_number_in(const char* path, Use use) {
  DIR* const directory = opendir(path);
  if (directory == nullptr) return;
  while (const dirent* entry = readdir(directory)) {
    const int number = std::atoi(entry->d_name);
    if (number > 0) use(number);
  }
  closedir(directory);
}

// A process that no longer exists has state 'X' and no parent.
Status status_of(pid_t pid) {
  Status status;
  char path[32];
  std::snprintf(path, sizeof path, "/proc/%d/stat", pid);
  const Fd file(open(path, O_RDONLY | O_CLOEXEC));
  char text[512];
  const ssize_t size = file ? read(file.get(), text, sizeof text - 1) : -1;
  if (size <= 0) return status;
  text[size] = '\0';
  // The program's name comes first, in parentheses, and may itself contain parentheses and blanks.
  const char* const name_end = std::strrchr(text, ')');
  if (name_end == nullptr) return status;
  if (std::sscanf(name_end + 1, " %c %d %*d %*d %*d %*d %u", &status.state, &status.parent,
                  &status.flags) == 3) {
    status.pid = pid;
  }
  return status;
}

void append_numbers_of(const char* path, PidList& pids) {
  const Fd file(open(path, O_RDONLY | O_CLOEXEC));
  if (!file) return;
  char text[1024];
  pid_t pid = 0;
  for (ssize_t size = 0; (size = read(file.get(), text, sizeof text)) > 0;) {
    for (ssize_t i = 0; i < size; ++i) {
      if (text[i] >= '0' && text[i] <= '9') {
        pid = pid * 10 + (text[i] - '0');
      } else {
        if (pid > 0) pids.push(pid);
        pid = 0;
      }
    }
  }
  if (pid > 0) pids.push(pid);
}

// One scan of the processes.
class Scan {
 public:
  Scan() {
    if (has_children_files_) return;
    for_each_number_in("/proc", [this](pid_t pid) { all_.push(status_of(pid)); });
  }

  void append_children_of(pid_t parent, PidList& pids) const {
    if (!has_children_files_) {
      for (const Status& status : all_) {
        if (status.parent == parent) pids.push(status.pid);
      }
      return;
    }
    char directory[32];
    std::snprintf(directory, sizeof directory, "/proc/%d/task", parent);
    // A child is listed under the thread that forked it, so every thread is read.
    for_each_number_in(directory, [&](int thread) {
      char path[64];
      std::snprintf(path, sizeof path, "%s/%d/children", directory, thread);
      append_numbers_of(path, pids);
    });
  }

 private:
  // Kernels without CONFIG_PROC_CHILDREN do not have them.
  const bool has_children_files_ = access("/proc/thread-self/children", R_OK) == 0;
  List<Status> all_;
};

// For a child: it no longer has children, and searching for them costs much more than this check.
// If a service starts processes without end, a scan of all that have ended takes longer than it
// takes for as many new ones to appear.
bool has_ended(pid_t child) {
  siginfo_t info{};
  return waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid != 0;
}

// Where the value of `line` begins in /proc/self/status; null if there is no such line. `text` is
// the buffer for the file.
const char* value_in_status(const char* line, List<char>& text) {
  const Fd file(open("/proc/self/status", O_RDONLY | O_CLOEXEC));
  if (!file) return nullptr;
  char part[1024];
  for (ssize_t size = 0; (size = read(file.get(), part, sizeof part)) > 0;) {
    for (ssize_t i = 0; i < size; ++i) text.push(part[i]);
  }
  if (!text.push('\0')) return nullptr;
  const char* const found = std::strstr(text.data(), line);
  return found == nullptr ? nullptr : found + std::strlen(line);
}

}  // namespace

// NSpid has our pid in each namespace from that of /proc down to our own: one entry if they are the
// same. Comparing /proc/self with getpid() is not enough: the two numbers may be equal by chance.
// Kernels without pid namespaces do not have the line.
bool proc_is_foreign() {
  if (access("/proc/self", F_OK) != 0) return true;
  List<char> text;
  const char* const pids = value_in_status("\nNSpid:\t", text);
  if (pids == nullptr) return false;
  char* end = nullptr;
  return std::strtol(pids, &end, 10) != getpid() || *end != '\n';
}

void append_children(PidList& pids) {
  PidList children;
  Scan().append_children_of(getpid(), children);
  for (const pid_t child : children) {
    if (!has_ended(child)) pids.push(child);
  }
}

void append_descendants(PidList& pids) {
  const Scan scan;
  for (std::size_t i = 0; i < pids.size(); ++i) scan.append_children_of(pids[i], pids);
}

void find_descendants(PidList& pids) {
  pids.clear();
  append_children(pids);
  append_descendants(pids);
}

void signal_descendants(int signal) {
  PidList pids;
  find_descendants(pids);
  for (const pid_t pid : pids) kill(pid, signal);
}

bool pause_descendants() {
  PidList pids;
  find_descendants(pids);
  bool all_stopped = true;
  for (const pid_t pid : pids) {
    const char state = status_of(pid).state;
    if (state == 'T' || state == 't' || state == 'X') continue;
    // 'Z' may be a main thread that ended before the others.
    kill(pid, SIGSTOP);
    // A process in state 'D' stops before it executes another instruction. We cannot wait for that:
    // the parent of a vfork stays in 'D' until its child, stopped by now, continues.
    if (state != 'D' && state != 'Z') all_stopped = false;
  }
  return all_stopped;
}

bool is_exiting(pid_t pid) {
  const Status status = status_of(pid);
  // 'Z' is a main thread that ended before the others, which may run for ever.
  return (status.flags & kExiting) != 0 && status.state != 'Z' && status.state != 'X';
}

bool has_child_in_group(pid_t group) {
  siginfo_t info{};
  return waitid(P_PGID, static_cast<id_t>(group), &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

}  // namespace mirakuru::supervisor
