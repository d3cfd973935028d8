#include "linux/file_watch.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <map>
#include <utility>

#include "base/unique_fd.hpp"

namespace mirakuru::detail::os {
namespace {

// One inotify(7) instance per thread, shared by its watches. Not one per watch: closing an instance
// soon after a watch was used takes the kernel up to 13 ms, which would delay a start.
class Inotify {
 public:
  static Inotify& of_this_thread() {
    static thread_local Inotify instance;
    // A forked copy shares the instance with its parent, and would steal its events.
    if (instance.owner_ != ::getpid()) instance = Inotify();
    return instance;
  }

  int fd() const { return fd_.get(); }

  // Returns the watch descriptor, or -1 and errno if the system refuses. Several FileWatches may
  // share a directory.
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

  // Reads the pending events.
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
  // The directory was deleted or moved; a new one may get the same name.
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
  // Directories further down may appear in the meantime, so this repeats until nothing changes.
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
    if (watch_ < 0 && errno == ENOENT) continue;  // it has just been deleted
    if (watch_ < 0) return;
    watched_ = nearest.string();
  }
  seen_ = inotify.events(watch_);
}

void FileWatch::wait_on(WaitSet& set) const {
  if (watch_ < 0) return;
  Inotify& inotify = Inotify::of_this_thread();
  // Another watch of this thread may already have read the event that this one waits for.
  if (inotify.events(watch_) != seen_) set.wake_at(Clock::now());
  set.add(inotify.fd());
}

}  // namespace mirakuru::detail::os
