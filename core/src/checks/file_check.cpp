#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <optional>
#include <stdexcept>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/text.hpp"
#include "base/unique_fd.hpp"
#include "checks/check_implementation.hpp"
#include "linux/os.hpp"

namespace mirakuru::detail {
namespace {

// What tells a file from the one that lay there before.
struct Version {
  dev_t device;
  ino_t inode;
  off_t size;
  timespec modified;
  timespec changed;

  bool operator==(const Version& other) const {
    return device == other.device && inode == other.inode && size == other.size &&
           modified.tv_sec == other.modified.tv_sec && modified.tv_nsec == other.modified.tv_nsec &&
           changed.tv_sec == other.changed.tv_sec && changed.tv_nsec == other.changed.tv_nsec;
  }
};

std::optional<Version> version_of(const std::string& path) {
  struct stat file {};
  if (::stat(path.c_str(), &file) != 0) return std::nullopt;
  return Version{file.st_dev, file.st_ino, file.st_size, file.st_mtim, file.st_ctim};
}

// The number that the file holds, if it holds one and nothing else on its first line.
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

class FileProbe : public Probe {
 public:
  explicit FileProbe(std::string path)
      : path_(std::move(path)), watch_(path_), before_(version_of(path_)) {}

  std::optional<std::string> already_running() override {
    const std::optional<pid_t> pid = before_ ? pid_in(path_) : std::nullopt;
    if (!pid || !os::alive(*pid)) return std::nullopt;
    // A process that began after the file was written only has the same number as the one that
    // wrote it. Both clocks count full seconds, hence the slack.
    constexpr std::time_t kSlack = 2;
    if (os::start_time(*pid) > before_->modified.tv_sec + kSlack) return std::nullopt;
    return absl::StrCat(readable(path_), " names ", os::describe_process(*pid));
  }

  bool ready() override {
    watch_.rearm();
    const std::optional<Version> now = version_of(path_);
    if (now && !(before_ && *now == *before_)) return true;
    if (!now) before_.reset();  // the leftover has gone; what comes now is new
    last_answer_ = absl::StrCat(readable(path_), now ? ": a leftover from before the start, not "
                                                       "written since"
                                                     : ": no such file");
    // Where the file is a symbolic link, it is in another directory that things happen.
    struct stat link {};
    elsewhere_ = ::lstat(path_.c_str(), &link) == 0 && S_ISLNK(link.st_mode);
    backoff_.tried();
    return false;
  }

  void wait_on(WaitSet& set) override {
    watch_.wait_on(set);
    if (!watch_.works() || elsewhere_) set.wake_at(backoff_.next());
  }

  std::string last_answer() const override { return last_answer_; }

 private:
  std::string path_;
  os::FileWatch watch_;
  std::optional<Version> before_;
  bool elsewhere_ = false;
  Backoff backoff_;
  std::string last_answer_;
};

class FileImplementation : public CheckImplementation {
 public:
  explicit FileImplementation(FileCheck check) : check_(std::move(check)) {
    if (check_.path.empty()) throw std::invalid_argument("FileCheck: the file name is empty");
  }

  std::string describe(const Expand& expand) const override {
    return absl::StrCat("the file ", expand(check_.path));
  }
  std::vector<std::string> texts() const override { return {check_.path}; }
  std::unique_ptr<Probe> make_probe(const ProbeContext& context) const override {
    return std::make_unique<FileProbe>(context.expand(check_.path));
  }

 private:
  FileCheck check_;
};

}  // namespace

}  // namespace mirakuru::detail

namespace mirakuru {

Check::Check(FileCheck check)
    : Check(std::make_shared<detail::FileImplementation>(std::move(check))) {}

}  // namespace mirakuru
