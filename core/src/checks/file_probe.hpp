// Watches for a file that is written after the start. Used by FileCheck and PidFileCheck.
#ifndef MIRAKURU_CORE_SRC_CHECKS_FILE_PROBE_HPP_
#define MIRAKURU_CORE_SRC_CHECKS_FILE_PROBE_HPP_

#include <sys/stat.h>
#include <sys/types.h>

#include <ctime>
#include <optional>
#include <string>

#include "checks/probe.hpp"
#include "linux/file_watch.hpp"

namespace mirakuru::detail {

class FileProbe : public Probe {
 public:
  // `path` as the placeholders leave it.
  explicit FileProbe(std::string path);

  // A file that names a living process, as pid files do.
  std::optional<std::string> already_running() override;
  bool ready() override;
  void wait_on(WaitSet& set) override;
  std::string last_answer() const override { return last_answer_; }

 protected:
  const std::string& path() const { return path_; }
  // Of a file that was written since the start: why its content is not enough yet; none where it
  // is.
  virtual std::optional<std::string> objection() { return std::nullopt; }

 private:
  // What tells a file from the one that was there before.
  struct Version {
    dev_t device;
    ino_t inode;
    off_t size;
    timespec modified;
    timespec changed;

    bool operator==(const Version& other) const;
  };
  static std::optional<Version> version_of(const std::string& path);

  std::string path_;
  os::FileWatch watch_;
  std::optional<Version> before_;
  bool watch_is_enough_ = false;  // no change can be missed that matters
  Backoff backoff_;
  std::string last_answer_;
};

// The number that the file holds, if its first line is one and nothing else.
std::optional<pid_t> pid_in(const std::string& path);

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_CHECKS_FILE_PROBE_HPP_
