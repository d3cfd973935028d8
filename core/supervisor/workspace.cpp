// Recursive deletion by descriptors; workspace.hpp says of what.
#include "workspace.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "system.hpp"

namespace mirakuru::supervisor {
namespace {

void delete_contents(Fd folder, dev_t device);

// Services like to write-protect their folders.
Fd open_folder(int parent, const char* name) {
  constexpr int kFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  Fd folder(openat(parent, name, kFlags));
  if (!folder && errno == EACCES && fchmodat(parent, name, S_IRWXU, 0) == 0) {
    folder.reset(openat(parent, name, kFlags));
  }
  struct stat status {};
  if (folder && fstat(folder.get(), &status) == 0 && (status.st_mode & S_IRWXU) != S_IRWXU) {
    fchmod(folder.get(), S_IRWXU);
  }
  return folder;
}

bool delete_entry(int parent, const char* name, dev_t device) {
  if (unlinkat(parent, name, 0) == 0) return true;
  if (errno != EISDIR) return false;
  delete_contents(open_folder(parent, name), device);
  return unlinkat(parent, name, AT_REMOVEDIR) == 0;
}

void delete_contents(Fd folder, dev_t device) {
  struct stat status {};
  if (!folder || fstat(folder.get(), &status) != 0 || status.st_dev != device) return;
  DIR* const entries = fdopendir(folder.get());
  if (entries == nullptr) return;
  const int number = folder.release();
  // Deleting while reading may make a file system skip entries, so we look again.
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

void delete_workspace(const char* path) {
  Fd folder = open_folder(AT_FDCWD, path);
  struct stat status {};
  if (!folder || fstat(folder.get(), &status) != 0) return;
  delete_contents(static_cast<Fd&&>(folder), status.st_dev);
  rmdir(path);
}

}  // namespace mirakuru::supervisor
