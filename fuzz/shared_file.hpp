// An anonymous file that can be read by other processes, and by code that needs a path.
#ifndef MIRAKURU_FUZZ_SHARED_FILE_HPP_
#define MIRAKURU_FUZZ_SHARED_FILE_HPP_

#include <sys/mman.h>
#include <unistd.h>

#include <string>
#include <string_view>

#include "fuzz.hpp"

namespace mirakuru::fuzz {

class SharedFile {
 public:
  // `flags` as of memfd_create(2).
  explicit SharedFile(unsigned flags = MFD_CLOEXEC) : fd_(memfd_create("fuzz", flags)) {
    require(fd_ >= 0, "a file in memory can be had");
  }
  ~SharedFile() { close(fd_); }
  SharedFile(const SharedFile&) = delete;
  SharedFile& operator=(const SharedFile&) = delete;

  int fd() const { return fd_; }
  std::string path() const { return "/proc/self/fd/" + std::to_string(fd_); }

  void append(std::string_view text) const {
    require(write(fd_, text.data(), text.size()) == static_cast<ssize_t>(text.size()),
            "the file takes a text");
  }
  void assign(std::string_view text) const {
    require(ftruncate(fd_, 0) == 0 && lseek(fd_, 0, SEEK_SET) == 0, "the file can be emptied");
    append(text);
  }

 private:
  int fd_;
};

}  // namespace mirakuru::fuzz

#endif  // MIRAKURU_FUZZ_SHARED_FILE_HPP_
