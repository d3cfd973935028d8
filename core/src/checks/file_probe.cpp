#include "checks/file_probe.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/text.hpp"
#include "base/unique_fd.hpp"
#include "linux/proc.hpp"

namespace mirakuru::detail {

bool FileProbe::Version::operator==(const Version& other) const {
  return device == other.device && inode == other.inode && size == other.size &&
         modified.tv_sec == other.modified.tv_sec && modified.tv_nsec == other.modified.tv_nsec &&
         changed.tv_sec == other.changed.tv_sec && changed.tv_nsec == other.changed.tv_nsec;
}

std::optional<FileProbe::Version> FileProbe::version_of(const std::string& path) {
  struct stat file {};
  if (::stat(path.c_str(), &file) != 0) return std::nullopt;
  return Version{file.st_dev, file.st_ino, file.st_size, file.st_mtim, file.st_ctim};
}

FileProbe::FileProbe(std::string path)
    : path_(std::move(path)), watch_(path_), before_(version_of(path_)) {}

std::optional<std::string> FileProbe::already_running() {
  const std::optional<pid_t> pid = before_ ? pid_in(path_) : std::nullopt;
  if (!pid || !os::alive(*pid)) return std::nullopt;
  // If the process began after the file was written, it only reuses the pid of the one that wrote
  // it. Both clocks count full seconds, hence the slack.
  constexpr std::time_t kSlack = 2;
  if (os::start_time(*pid) > before_->modified.tv_sec + kSlack) return std::nullopt;
  return absl::StrCat(readable(path_), " names ", os::describe_process(*pid));
}

bool FileProbe::ready() {
  watch_.rearm();
  const std::optional<Version> now = version_of(path_);
  if (!now) before_.reset();  // the leftover was deleted; a file from now on is new
  std::string why = "no such file";
  const bool is_new = now && !(before_ && *now == *before_);
  if (is_new) {
    const std::optional<std::string> objection = this->objection();
    if (!objection) return true;
    why = *objection;
  } else if (now) {
    why = "a leftover from before the start, not written since";
  }
  last_answer_ = absl::StrCat(readable(path_), ": ", why);
  // If the file is a symbolic link, changes happen in another directory; and whether its content is
  // valid may change without a change of the file.
  struct stat link {};
  watch_is_enough_ =
      watch_.works() && !is_new && !(::lstat(path_.c_str(), &link) == 0 && S_ISLNK(link.st_mode));
  backoff_.tried();
  return false;
}

void FileProbe::wait_on(WaitSet& set) {
  watch_.wait_on(set);
  if (!watch_is_enough_) set.wake_at(backoff_.next());
}

std::optional<pid_t> pid_in(const std::string& path) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  std::array<char, 64> buffer;
  const ssize_t n = file ? ::read(file.get(), buffer.data(), buffer.size()) : -1;
  if (n <= 0) return std::nullopt;
  const absl::string_view text(buffer.data(), static_cast<std::size_t>(n));
  pid_t pid = 0;
  if (!absl::SimpleAtoi(absl::StripAsciiWhitespace(text.substr(0, text.find('\n'))), &pid) ||
      pid <= 0) {
    return std::nullopt;
  }
  return pid;
}

}  // namespace mirakuru::detail
