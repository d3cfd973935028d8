#include "resources/directory.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <mutex>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/environment.hpp"
#include "base/log.hpp"

namespace mirakuru::detail {
namespace {

[[noreturn]] void fail(const std::string& what, const std::string& path) {
  throw std::system_error(errno, std::generic_category(), absl::StrCat(what, " ", path));
}

// In a directory such as /tmp, another user may have taken the name of one that was deleted.
void require_own_directory(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) == 0) {
    if (S_ISDIR(status.st_mode) && status.st_uid == ::geteuid()) return;
    errno = EEXIST;
  } else if (errno == ENOENT && ::mkdir(path.c_str(), 0700) == 0) {
    return;
  }
  fail("cannot make the directory", path);
}

std::string base_directory() {
  for (const char* name : {"MIRAKURU_DIR", "TMPDIR"}) {
    const std::string value = variable(name);
    if (!value.empty()) return std::filesystem::absolute(value).string();
  }
  return "/tmp";
}

std::string file_name_for(const std::string& name) {
  std::string result = name.substr(0, 40);  // longer names would not leave room for socket paths
  for (char& c : result) {
    if (!absl::ascii_isalnum(static_cast<unsigned char>(c)) && c != '-' && c != '_' && c != '.') {
      c = '_';
    }
  }
  return result;
}

// The test program's directory, made on first use; a forked copy makes a separate one.
class RunDirectory {
 public:
  static RunDirectory& get() {
    static auto* const directory = new RunDirectory;  // outlives executors with static storage
    return *directory;
  }

  std::string path() {
    const std::lock_guard lock(mutex_);
    make();
    return path_;
  }

  void set_supervised() {
    const std::lock_guard lock(mutex_);
    supervised_ = true;
  }

  std::string make_directory(const std::string& name) {
    const std::lock_guard lock(mutex_);
    make();
    std::string path = absl::StrCat(path_, "/", name, "-", ++count_);
    if (::mkdir(path.c_str(), 0700) != 0) fail("cannot make the directory", path);
    ++directories_;
    return path;
  }

  void directory_gone() {
    const std::lock_guard lock(mutex_);
    // Nothing was ever started, so there is no supervisor to delete it at the end.
    if (--directories_ == 0 && !supervised_ && ::rmdir(path_.c_str()) == 0) owner_ = 0;
  }

 private:
  // With the mutex locked.
  void make() {
    if (owner_ == ::getpid()) return require_own_directory(path_);
    const std::string base = base_directory();
    constexpr const char* kFailure =
        "cannot create a directory for services (set MIRAKURU_DIR to use another place):";
    std::error_code error;
    std::filesystem::create_directories(base, error);
    if (error) throw std::system_error(error, absl::StrCat(kFailure, " ", base));
    path_ = absl::StrCat(base, "/mirakuru-", ::getpid(), "-XXXXXX");
    if (::mkdtemp(path_.data()) == nullptr) fail(kFailure, path_);
    owner_ = ::getpid();
    directories_ = 0;
    supervised_ = false;
    if (keep_directories()) log(LogLevel::info, "services' directories are kept in " + path_);
  }

  // Protects the following. Not an abseil mutex, which ThreadSanitizer does not see if the library
  // was compiled without it: users would get reports of races that do not exist.
  std::mutex mutex_;
  pid_t owner_ = 0;
  std::string path_;
  int count_ = 0;
  int directories_ = 0;
  bool supervised_ = false;
};

}  // namespace

std::string run_directory() { return RunDirectory::get().path(); }
void run_directory_is_supervised() { RunDirectory::get().set_supervised(); }

bool keep_directories() { return is_set("MIRAKURU_KEEP"); }

Directory::Directory(const std::string& name)
    : path_(RunDirectory::get().make_directory(file_name_for(name))), owner_(::getpid()) {}

Directory::~Directory() {
  // A forked copy of the test program has copies of the executors, but does not own their files.
  if (owner_ != ::getpid() || keep_directories()) return;
  std::error_code error;
  std::filesystem::remove_all(path_, error);
  if (error) log(LogLevel::warning, "cannot delete " + path_ + ": " + error.message());
  RunDirectory::get().directory_gone();
}

const std::string& Directory::tmpdir() {
  if (tmpdir_.empty()) {
    const std::string path = path_ + "/tmp";
    if (::mkdir(path.c_str(), 0700) != 0) fail("cannot make the directory", path);
    tmpdir_ = path;
  }
  return tmpdir_;
}

void Directory::restore() {
  run_directory();
  require_own_directory(path_);
  if (!tmpdir_.empty() && !std::filesystem::exists(tmpdir_)) {
    tmpdir_.clear();
    tmpdir();
  }
}

void Directory::hand_over(uid_t user, gid_t group) {
  for (const std::string& passed_through :
       {std::filesystem::path(path_).parent_path().string(), path_}) {
    if (::chmod(passed_through.c_str(), 0711) != 0)
      fail("cannot change the mode of", passed_through);
  }
  if (::chown(tmpdir().c_str(), user, group) != 0) fail("cannot change the owner of", tmpdir());
}

}  // namespace mirakuru::detail
