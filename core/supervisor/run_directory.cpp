// Recursive deletion through descriptors (see run_directory.hpp).
#include "run_directory.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "system.hpp"

namespace mirakuru::supervisor {
namespace {

void delete_contents(Fd directory, dev_t device);

// Services often write-protect their directories.
Fd open_directory(int parent, const char* name) {
  constexpr int kFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  Fd directory(openat(parent, name, kFlags));
  if (!directory && errno == EACCES && fchmodat(parent, name, S_IRWXU, 0) == 0) {
    directory.reset(openat(parent, name, kFlags));
  }
  struct stat status {};
  if (directory && fstat(directory.get(), &status) == 0 && (status.st_mode & S_IRWXU) != S_IRWXU) {
    fchmod(directory.get(), S_IRWXU);
  }
  return directory;
}

bool delete_entry(int parent, const char* name, dev_t device) {
  if (unlinkat(parent, name, 0) == 0) return true;
  if (errno != EISDIR) return false;
  delete_contents(open_directory(parent, name), device);
  return unlinkat(parent, name, AT_REMOVEDIR) == 0;
}

void delete_contents(Fd directory, dev_t device) {
  struct stat status {};
  if (!directory || fstat(directory.get(), &status) != 0 || status.st_dev != device) return;
  DIR* const entries = fdopendir(directory.get());
  if (entries == nullptr) return;
  const int number = directory.release();
  // Deletion during reading may make a file system skip entries, so this is repeated.
  for (bool deleted_some = true; deleted_some;) {
    deleted_some = false;
    rewinddir(entries);
    while (const dirent* entry = readdir(entries)) {
      if (std::strcmp(entry->d_name, ".") == 0 || std::strcmp(entry->d_name, "..") == 0) continue;
      if (delete_entry(number, entry->d_name, device)) deleted_some = true;
    }
  }
  closedir(entries);
}

}  // namespace

void delete_run_directory(const char* path) {
  Fd directory = open_directory(AT_FDCWD, path);
  struct stat status {};
  if (!directory || fstat(directory.get(), &status) != 0) return;
  delete_contents(static_cast<Fd&&>(directory), status.st_dev);
  rmdir(path);
}

}  // namespace mirakuru::supervisor
