// Line-by-line copy of output (see echo.hpp).
#include "echo.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>

#include <cstdio>
#include <cstring>
#include <utility>

namespace mirakuru::supervisor {
namespace {

// What the system writes to a pipe atomically (PIPE_BUF): lines of several services, each with a
// separate shepherd, are never interleaved.
constexpr std::size_t kLineSize = 4096;

// How long the output of one read may wait for the reader; what does not fit by then is lost. A
// reader that has stopped is not waited for again until it continues.
constexpr std::int64_t kPatienceMs = 50;

}  // namespace

Fd open_echo_target(Fd given) {
  struct stat status {};
  if (!given || fstat(given.get(), &status) != 0) return given;
  if (!S_ISFIFO(status.st_mode) && !S_ISCHR(status.st_mode)) return given;
  char path[32];
  std::snprintf(path, sizeof path, "/proc/self/fd/%d", given.get());
  Fd own(open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  return own ? std::move(own) : std::move(given);
}

void Echo::open(int target, const char* name) {
  if (target < 0) return;
  line_ = static_cast<char*>(std::malloc(kLineSize));
  if (line_ == nullptr) return;
  const int size = std::snprintf(line_, kLineSize, "[%.100s] ", name);
  prefix_size_ = size_ = static_cast<std::size_t>(size);
  target_ = target;
}

void Echo::write(const char* data, std::size_t size) {
  if (target_ < 0) return;
  give_up_ = is_stuck_ ? 0 : time_after(kPatienceMs);
  while (size > 0) {
    const void* const newline = std::memchr(data, '\n', size);
    if (newline == nullptr) return add(data, size);
    const std::size_t part = static_cast<std::size_t>(static_cast<const char*>(newline) - data);
    add(data, part);
    end_line();
    data += part + 1;
    size -= part + 1;
  }
}

void Echo::finish() {
  if (target_ >= 0 && size_ > prefix_size_) end_line();
}

void Echo::add(const char* data, std::size_t size) {
  while (size > 0) {
    if (size_ == kLineSize - 1) end_line();  // the last byte is reserved for the newline
    const std::size_t room = kLineSize - 1 - size_;
    const std::size_t part = size < room ? size : room;
    std::memcpy(line_ + size_, data, part);
    size_ += part;
    data += part;
    size -= part;
  }
}

void Echo::end_line() {
  line_[size_++] = '\n';
  for (std::size_t done = 0; done < size_;) {
    pollfd target{target_, POLLOUT, 0};
    const bool has_room = poll(&target, 1, poll_timeout(give_up_)) == 1;
    const ssize_t written = has_room ? ::write(target_, line_ + done, size_ - done) : -1;
    is_stuck_ = written <= 0;
    if (is_stuck_) break;
    done += static_cast<std::size_t>(written);
  }
  size_ = prefix_size_;
}

}  // namespace mirakuru::supervisor
