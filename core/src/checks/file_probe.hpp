// Waits for a file that is written after the start. Used by FileCheck and PidFileCheck.
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
  // `path` has its placeholders filled in.
  explicit FileProbe(std::string path);

  // A file that holds the pid of a living process, as pid files do.
  std::optional<std::string> already_running() override;
  bool ready() override;
  void wait_on(WaitSet& set) override;
  std::string last_answer() const override { return last_answer_; }

 protected:
  const std::string& path() const { return path_; }
  // For a file that was written since the start: why its content is not sufficient yet; nullopt if
  // it is.
  virtual std::optional<std::string> objection() { return std::nullopt; }

 private:
  // Distinguishes a file from an earlier one with the same name.
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
  bool watch_is_enough_ = false;  // the watch reports every change that matters
  Backoff backoff_;
  std::string last_answer_;
};

// The pid in the file, if its first line is a number and nothing else.
std::optional<pid_t> pid_in(const std::string& path);

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_CHECKS_FILE_PROBE_HPP_
