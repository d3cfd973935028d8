// Changes to files: inotify(7).
#ifndef MIRAKURU_CORE_SRC_LINUX_FILE_WATCH_HPP_
#define MIRAKURU_CORE_SRC_LINUX_FILE_WATCH_HPP_

#include <string>

#include "base/waiting.hpp"

namespace mirakuru::detail::os {

// Tells of changes to a file that may not be there yet.
class FileWatch {
 public:
  // What is watched is the nearest directory above it that is there.
  explicit FileWatch(std::string path);
  ~FileWatch();
  FileWatch(FileWatch&& other) noexcept;
  FileWatch& operator=(FileWatch&&) = delete;

  // Whether the system can watch it; if not, look at it from time to time.
  bool works() const { return watch_ >= 0; }
  // Forgets the changes so far, and moves on to directories that have come up. To be called before
  // the file is looked at.
  void rearm();
  // Wakes up on a change since rearm().
  void wait_on(WaitSet& set) const;

 private:
  void release();

  std::string path_;
  std::string watched_;
  int watch_ = -1;
  unsigned long seen_ = 0;  // how many of its events there were when it was armed
};

}  // namespace mirakuru::detail::os

#endif  // MIRAKURU_CORE_SRC_LINUX_FILE_WATCH_HPP_
