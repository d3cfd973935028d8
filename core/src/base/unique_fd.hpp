// A descriptor that closes itself.
#ifndef MIRAKURU_CORE_SRC_BASE_UNIQUE_FD_HPP_
#define MIRAKURU_CORE_SRC_BASE_UNIQUE_FD_HPP_

#include <unistd.h>

#include <utility>

namespace mirakuru::detail {

class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(other.release()) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    reset(other.release());
    return *this;
  }
  ~UniqueFd() { reset(); }

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  int release() { return std::exchange(fd_, -1); }
  void reset(int fd = -1) {
    const int old = std::exchange(fd_, fd);
    if (old >= 0) ::close(old);
  }

 private:
  int fd_ = -1;
};

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_BASE_UNIQUE_FD_HPP_
