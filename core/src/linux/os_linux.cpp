#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/text.hpp"
#include "base/write_without_signal.hpp"
#include "linux/os.hpp"

namespace mirakuru::detail::os {
namespace {

constexpr unsigned kExecutable = 0x10;  // MFD_EXEC, Linux 6.3
constexpr std::uint32_t kTcpListen =
    10;  // TCP_LISTEN of <netinet/tcp.h>, clashes with <linux/tcp.h>

// Files in /proc have no size; they are read to their end.
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

struct CloseDirectory {
  void operator()(DIR* directory) const { ::closedir(directory); }
};

// Calls `visit` with the name of each entry; false where the directory cannot be read.
template <typename Visit>
bool for_each_entry(const std::string& path, Visit visit) {
  const std::unique_ptr<DIR, CloseDirectory> directory(::opendir(path.c_str()));
  if (directory == nullptr) return false;
  while (const dirent* entry = ::readdir(directory.get())) {
    if (entry->d_name[0] != '.') visit(entry->d_name);
  }
  return true;
}

// What follows the program's name, which may hold blanks and parentheses itself, in
// /proc/PID/stat; see proc(5). Field 3 (the state) comes first.
std::vector<std::string> stat_fields(pid_t pid) {
  const std::string text = read_proc(absl::StrCat("/proc/", pid, "/stat")).value_or("");
  const std::size_t end = text.rfind(')');
  if (end == std::string::npos || end + 2 > text.size()) return {};
  return absl::StrSplit(absl::string_view(text).substr(end + 2), ' ');
}

// The children of each of its threads; where the kernel has no such list (CONFIG_PROC_CHILDREN),
// nothing.
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

// Whether one of the descriptors of `pid` is one of `sockets`; nothing where we may not look.
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

struct ListeningSocket {
  ino_t inode;
  int family;
  std::array<std::uint32_t, 4> address;  // in network order; IPv4 in the first
};

// A question to the kernel who listens on a port: sock_diag(7).
struct ListenersRequest {
  ListenersRequest(int family, in_port_t port, std::uint16_t flags) {
    header.nlmsg_len = sizeof *this;
    header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
    header.nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
    body.sdiag_family = static_cast<std::uint8_t>(family);
    body.sdiag_protocol = IPPROTO_TCP;
    body.idiag_states = 1U << kTcpListen;
    body.id.idiag_sport = port;
  }
  nlmsghdr header{};
  inet_diag_req_v2 body{};
};

UniqueFd open_sock_diag() {
  return UniqueFd(::socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG));
}

// Nothing where the kernel does not answer.
std::optional<std::vector<ListeningSocket>> listening_sockets(int family, in_port_t port) {
  const UniqueFd netlink = open_sock_diag();
  if (!netlink) return std::nullopt;
  const ListenersRequest request(family, port, NLM_F_DUMP);
  if (::send(netlink.get(), &request, sizeof request, 0) < 0) return std::nullopt;

  std::vector<ListeningSocket> result;
  alignas(nlmsghdr) std::array<char, 32768> buffer;
  while (true) {
    const ssize_t n = ::recv(netlink.get(), buffer.data(), buffer.size(), 0);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return std::nullopt;
    auto left = static_cast<unsigned>(n);
    for (auto* header = reinterpret_cast<nlmsghdr*>(buffer.data()); NLMSG_OK(header, left);
         header = NLMSG_NEXT(header, left)) {
      if (header->nlmsg_type == NLMSG_DONE) return result;
      if (header->nlmsg_type == NLMSG_ERROR) return std::nullopt;
      const auto* socket = static_cast<const inet_diag_msg*>(NLMSG_DATA(header));
      if (socket->id.idiag_sport != port) continue;
      ListeningSocket found{socket->idiag_inode, socket->idiag_family, {}};
      std::memcpy(found.address.data(), socket->id.idiag_src, sizeof found.address);
      result.push_back(found);
    }
  }
}

// Those that the kernel would hand a connection to `address` to: a socket bound to that very
// address comes before one bound to all addresses of its family, and that before an IPv6 one that
// takes IPv4 too.
std::optional<std::vector<ino_t>> acceptors(const sockaddr_storage& address) {
  std::array<std::uint32_t, 4> wanted{};
  in_port_t port = 0;
  int family = address.ss_family;
  if (family == AF_INET) {
    const auto& ipv4 = reinterpret_cast<const sockaddr_in&>(address);
    wanted[0] = ipv4.sin_addr.s_addr;
    port = ipv4.sin_port;
  } else {
    const auto& ipv6 = reinterpret_cast<const sockaddr_in6&>(address);
    port = ipv6.sin6_port;
    std::memcpy(wanted.data(), &ipv6.sin6_addr, sizeof wanted);
    if (IN6_IS_ADDR_V4MAPPED(&ipv6.sin6_addr)) {
      family = AF_INET;
      wanted = {wanted[3], 0, 0, 0};
    }
  }
  std::vector<ListeningSocket> sockets;
  for (const int asked : {AF_INET, AF_INET6}) {
    auto some = listening_sockets(asked, port);
    if (!some) return std::nullopt;
    sockets.insert(sockets.end(), some->begin(), some->end());
  }
  const std::array<std::uint32_t, 4> any{};
  std::vector<ino_t> result;
  const auto take = [&](int of_family, const std::array<std::uint32_t, 4>& bound_to) {
    for (const ListeningSocket& socket : sockets) {
      if (socket.family == of_family && socket.address == bound_to) result.push_back(socket.inode);
    }
    return !result.empty();
  };
  if (!take(family, wanted) && !take(family, any) && family == AF_INET) {
    std::array<std::uint32_t, 4> mapped{0, 0, htonl(0xffff), wanted[0]};
    if (!take(AF_INET6, mapped)) take(AF_INET6, any);
  }
  return result;
}

}  // namespace

UniqueFd open_pidfd(pid_t pid) {
  return UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
}

UniqueFd program_in_memory(std::string_view program) {
  UniqueFd file(::memfd_create("mirakuru-supervisor", MFD_CLOEXEC | kExecutable));
  if (!file && errno == EINVAL) file.reset(::memfd_create("mirakuru-supervisor", MFD_CLOEXEC));
  if (file && !write_all(file.get(), program)) return {};
  if (file && ::access(path_of(file).c_str(), X_OK) != 0) return {};
  return file;
}

// Not /proc/self: whoever executes it has closed its own descriptors by then.
std::string path_of(const UniqueFd& fd) {
  return absl::StrCat("/proc/", ::getpid(), "/fd/", fd.get());
}

void require_process_tree() {
  const auto status = read_proc("/proc/self/status");
  if (!status) {
    const int error = errno;
    // It is a /proc, but we are not in it.
    if (error == ENOENT && ::access("/proc/uptime", F_OK) == 0) fail_as_foreign_proc();
    throw std::system_error(error, std::generic_category(),
                            "the processes of a service are found in /proc, which cannot be read");
  }
  // Our pid in each namespace from that of /proc down to our own: one, where they are the same.
  // A comparison of /proc/self with getpid() is not enough: two numbers may be the same by chance.
  // Kernels that know no pid namespaces do not have the line.
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
  // The kernel cuts it after 15 bytes; the arguments may begin with the whole of it.
  const std::string arguments = read_proc(absl::StrCat("/proc/", pid, "/cmdline")).value_or("");
  const std::string program = std::filesystem::path(arguments.c_str()).filename().string();
  if (program.compare(0, name.size(), name) == 0) name = program;
  return absl::StrCat(readable(name), " (pid ", pid, ")");
}

std::optional<bool> ListenerLookup::anybody_at(const sockaddr_storage& address) {
  const auto& ipv4 = reinterpret_cast<const sockaddr_in&>(address);
  const auto& ipv6 = reinterpret_cast<const sockaddr_in6&>(address);
  const bool is_ipv4 = address.ss_family == AF_INET;
  ListenersRequest request(address.ss_family, is_ipv4 ? ipv4.sin_port : ipv6.sin6_port, 0);
  inet_diag_sockid& id = request.body.id;
  if (is_ipv4) {
    id.idiag_src[0] = ipv4.sin_addr.s_addr;
  } else {
    std::memcpy(id.idiag_src, &ipv6.sin6_addr, sizeof id.idiag_src);
  }
  id.idiag_cookie[0] = id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;

  if (!netlink_) netlink_ = open_sock_diag();
  alignas(nlmsghdr) std::array<char, 4096> answer;
  if (!netlink_ || ::send(netlink_.get(), &request, sizeof request, 0) < 0) return std::nullopt;
  // It is there by the time that send returns.
  const ssize_t n = ::recv(netlink_.get(), answer.data(), answer.size(), MSG_DONTWAIT);
  if (n < static_cast<ssize_t>(sizeof(nlmsghdr))) return std::nullopt;
  auto* header = reinterpret_cast<nlmsghdr*>(answer.data());
  if (header->nlmsg_type == SOCK_DIAG_BY_FAMILY) return true;
  const auto* failure = static_cast<const nlmsgerr*>(NLMSG_DATA(header));
  if (header->nlmsg_type == NLMSG_ERROR && failure->error == -ENOENT) return false;
  return std::nullopt;
}

Listener tcp_listener(const sockaddr_storage& address, pid_t root) {
  const auto sockets = acceptors(address);
  if (!sockets || sockets->empty()) return {};  // another machine, or another network namespace
  Listener listener;
  std::vector<ino_t> foreign = *sockets;
  bool looked_at_all = true;
  if (root != 0) {
    for (const pid_t pid : process_tree(root)) {
      // Where several sockets share the port (SO_REUSEPORT) any of them may get the next
      // connection, so every one must be the tree's.
      for (auto socket = foreign.begin(); socket != foreign.end();) {
        const auto holds = holds_one_of(pid, {*socket});
        looked_at_all = looked_at_all && holds.has_value();
        socket = holds.value_or(false) ? foreign.erase(socket) : socket + 1;
      }
      if (foreign.empty()) {
        listener.ownership = Listener::Ownership::tree;
        return listener;
      }
    }
  }
  if (looked_at_all) {
    listener.ownership = Listener::Ownership::foreign;
    listener.foreign_sockets = std::move(foreign);
  }
  return listener;
}

Listener unix_listener(int connected, pid_t root) {
  ucred listening{};  // of the process that called listen(2), see SO_PEERCRED in unix(7)
  socklen_t size = sizeof listening;
  Listener listener;
  if (::getsockopt(connected, SOL_SOCKET, SO_PEERCRED, &listening, &size) != 0) return listener;
  if (listening.pid <= 0) return listener;  // in another pid namespace
  if (root != 0) {
    const auto tree = process_tree(root);
    if (std::find(tree.begin(), tree.end(), listening.pid) != tree.end()) {
      listener.ownership = Listener::Ownership::tree;
      return listener;
    }
    // It may have left the socket to a child, and that may be ours.
    if (!alive(listening.pid)) return listener;
  }
  listener.ownership = Listener::Ownership::foreign;
  listener.foreign_pid = listening.pid;
  return listener;
}

std::string describe_foreign_process(const Listener& listener) {
  if (listener.foreign_pid != 0) return describe_process(listener.foreign_pid);
  pid_t holder = 0;
  for_each_entry("/proc", [&](const char* name) {
    pid_t pid = 0;
    if (holder == 0 && absl::SimpleAtoi(name, &pid) &&
        holds_one_of(pid, listener.foreign_sockets).value_or(false)) {
      holder = pid;
    }
  });
  return holder != 0 ? describe_process(holder) : "a process that the system does not name";
}

namespace {

// One inotify(7) instance per thread, shared by its watches. Not one per watch: to close an
// instance soon after a watch was in use takes the kernel up to 13 ms, which no start should pay.
class Inotify {
 public:
  static Inotify& of_this_thread() {
    static thread_local Inotify instance;
    // A forked copy shares the instance with its parent, and would take the events from it.
    if (instance.owner_ != ::getpid()) instance = Inotify();
    return instance;
  }

  int fd() const { return fd_.get(); }

  // The number of the watch, -1 and errno where the system refuses. Several may watch one
  // directory.
  int add(const std::string& directory) {
    const int watch = ::inotify_add_watch(fd_.get(), directory.c_str(),
                                          IN_CREATE | IN_MOVED_TO | IN_ATTRIB | IN_MODIFY |
                                              IN_CLOSE_WRITE | IN_DELETE | IN_MOVE_SELF);
    if (watch >= 0) ++watches_[watch].users;
    return watch;
  }

  void remove(int watch) {
    const auto found = watches_.find(watch);
    if (found == watches_.end() || --found->second.users > 0) return;
    watches_.erase(found);
    ::inotify_rm_watch(fd_.get(), watch);
  }

  // Takes in what has happened.
  void update() {
    alignas(inotify_event) std::array<char, 4096> buffer;
    for (ssize_t n = 0; (n = ::read(fd_.get(), buffer.data(), buffer.size())) > 0;) {
      for (ssize_t at = 0; at < n;) {
        const auto* event = reinterpret_cast<const inotify_event*>(buffer.data() + at);
        at += static_cast<ssize_t>(sizeof *event + event->len);
        if ((event->mask & IN_Q_OVERFLOW) != 0) {
          for (auto& [number, watch] : watches_) ++watch.events;
        }
        const auto found = watches_.find(event->wd);
        if (found == watches_.end()) continue;
        ++found->second.events;
        if ((event->mask & (IN_IGNORED | IN_MOVE_SELF)) != 0) found->second.gone = true;
      }
    }
  }

  unsigned long events(int watch) const { return watches_.at(watch).events; }
  // The directory was deleted or moved; one of the same name may come.
  bool gone(int watch) const { return watches_.at(watch).gone; }

 private:
  struct Watch {
    int users = 0;
    unsigned long events = 0;
    bool gone = false;
  };

  UniqueFd fd_{::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)};
  pid_t owner_ = ::getpid();
  std::map<int, Watch> watches_;
};

}  // namespace

FileWatch::FileWatch(std::string path) : path_(std::move(path)) { rearm(); }

FileWatch::FileWatch(FileWatch&& other) noexcept
    : path_(std::move(other.path_)),
      watched_(std::move(other.watched_)),
      watch_(std::exchange(other.watch_, -1)),
      seen_(other.seen_) {}

FileWatch::~FileWatch() { release(); }

void FileWatch::release() {
  if (watch_ >= 0) Inotify::of_this_thread().remove(watch_);
  watch_ = -1;
  watched_.clear();
}

void FileWatch::rearm() {
  Inotify& inotify = Inotify::of_this_thread();
  inotify.update();
  if (watch_ >= 0 && inotify.gone(watch_)) release();
  // Directories further down may come up while we look, hence again until it stays the same.
  while (true) {
    std::filesystem::path nearest = std::filesystem::path(path_).parent_path();
    std::error_code error;
    while (nearest.has_relative_path() && !std::filesystem::exists(nearest, error)) {
      nearest = nearest.parent_path();
    }
    if (nearest.empty()) nearest = ".";
    if (nearest == watched_) break;
    release();
    watch_ = inotify.add(nearest.string());
    if (watch_ < 0 && errno == ENOENT) continue;  // it has just gone
    if (watch_ < 0) return;
    watched_ = nearest.string();
  }
  seen_ = inotify.events(watch_);
}

void FileWatch::wait_on(WaitSet& set) const {
  if (watch_ < 0) return;
  Inotify& inotify = Inotify::of_this_thread();
  // Another watch of this thread may have read the event that this one waits for.
  if (inotify.events(watch_) != seen_) set.wake_at(Clock::now());
  set.add(inotify.fd());
}

}  // namespace mirakuru::detail::os
