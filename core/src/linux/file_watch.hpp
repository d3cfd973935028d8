// Changes to files: inotify(7).
#ifndef MIRAKURU_CORE_SRC_LINUX_FILE_WATCH_HPP_
#define MIRAKURU_CORE_SRC_LINUX_FILE_WATCH_HPP_

#include <string>

#include "base/waiting.hpp"

namespace mirakuru::detail::os {

// Reports changes to a file that may not exist yet.
class FileWatch {
 public:
  // Watches the nearest existing directory above the file.
  explicit FileWatch(std::string path);
  ~FileWatch();
  FileWatch(FileWatch&& other) noexcept;
  FileWatch& operator=(FileWatch&&) = delete;

  // Whether the system can watch it; if not, the file must be polled.
  bool works() const { return watch_ >= 0; }
  // Discards the changes so far, and descends to directories that have appeared since. To be called
  // before the file is examined.
  void rearm();
  // Wakes up on a change since rearm().
  void wait_on(WaitSet& set) const;

 private:
  void release();

  std::string path_;
  std::string watched_;
  int watch_ = -1;
  unsigned long seen_ = 0;  // number of its events when it was armed
};

}  // namespace mirakuru::detail::os

#endif  // MIRAKURU_CORE_SRC_LINUX_FILE_WATCH_HPP_
