// The basis of the rest of this program: types that own kernel resources, and the few calls that
// every part uses. There are no exceptions and no C++ library here, so a failure is a return value
// and memory comes from realloc.
#ifndef MIRAKURU_CORE_SUPERVISOR_SYSTEM_HPP_
#define MIRAKURU_CORE_SUPERVISOR_SYSTEM_HPP_

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <type_traits>

#include "protocol.hpp"

namespace mirakuru::supervisor {

// A file descriptor that closes itself.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(other.release()) {}
  Fd& operator=(Fd&& other) noexcept {
    reset(other.release());
    return *this;
  }
  ~Fd() { reset(); }

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

  int release() {
    const int fd = fd_;
    fd_ = -1;
    return fd;
  }
  void reset(int fd = -1) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = fd;
  }

 private:
  int fd_ = -1;
};

// A growing array of plain values.
template <typename T>
class List {
  static_assert(std::is_trivially_copyable_v<T>, "List moves its values with realloc");

 public:
  List() = default;
  List(const List&) = delete;
  List& operator=(const List&) = delete;
  ~List() { std::free(data_); }

  std::size_t size() const { return size_; }
  T* data() { return data_; }
  const T* begin() const { return data_; }
  const T* end() const { return data_ + size_; }
  T operator[](std::size_t index) const { return data_[index]; }

  void clear() { size_ = 0; }
  // False, and unchanged, if there is no memory.
  bool reserve(std::size_t capacity) {
    if (capacity <= capacity_) return true;
    void* const data = std::realloc(data_, capacity * sizeof(T));
    if (data == nullptr) return false;
    data_ = static_cast<T*>(data);
    capacity_ = capacity;
    return true;
  }
  bool push(T value) {
    if (size_ == capacity_ && !reserve(capacity_ == 0 ? 16 : 2 * capacity_)) return false;
    data_[size_++] = value;
    return true;
  }
  bool contains(T value) const {
    for (const T& other : *this) {
      if (other == value) return true;
    }
    return false;
  }
  // May change the order of the others.
  bool remove(T value) {
    for (std::size_t i = 0; i < size_; ++i) {
      if (data_[i] != value) continue;
      data_[i] = data_[--size_];
      return true;
    }
    return false;
  }

 private:
  T* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

// Times are nanoseconds on the monotonic clock: with a coarser unit a timeout would expire too
// early.
using Time = std::int64_t;
constexpr Time kNever = INT64_MAX;
Time now();
// When a timeout that starts now expires; kNever if it is negative or too large.
Time time_after(std::int64_t timeout_ms);
// The timeout for poll(2) that wakes up at `time`, and not earlier.
int poll_timeout(Time time);

// Receives one message from a SOCK_SEQPACKET socket, without waiting. Returns its size; 0 at the
// end of the stream; -1 with errno. A message or descriptors that do not fit give EMSGSIZE.
ssize_t receive(int socket, void* data, std::size_t size, Fd* fds = nullptr,
                std::size_t fd_capacity = 0, std::size_t* fd_count = nullptr);
// Never waits. Failures are ignored, as the owner may have ended.
void send_event(int channel, const protocol::Event& event);
// To be called before a channel is closed: what we sent stays readable.
void hang_up(int channel);

// Signals to this program must not interrupt its work: those that would end it are ignored, and
// SIGCHLD is read from the descriptor that open_child_signals returns.
void take_over_signals();
// Reverses take_over_signals in a process that is about to become the service.
void give_back_signals();
Fd open_child_signals();
void clear_child_signals(int fd);

// close_range(2) from `first` up; older C libraries do not have the function.
bool close_from(unsigned first, unsigned flags = 0);

}  // namespace mirakuru::supervisor

#endif  // MIRAKURU_CORE_SUPERVISOR_SYSTEM_HPP_
