// Sockets of the floor, and ports for other tools.
#ifndef MIRAKURU_BENCHMARKS_SOCKETS_HPP_
#define MIRAKURU_BENCHMARKS_SOCKETS_HPP_

#include <cstddef>
#include <cstdint>

namespace benchmarks {

class Descriptor {
 public:
  explicit Descriptor(int fd);  // throws std::runtime_error if it is invalid
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

// A free port, reserved during the lifetime of this object. A service with SO_REUSEADDR can listen
// on it.
class HeldPort {
 public:
  HeldPort();
  std::uint16_t number() const { return number_; }

 private:
  Descriptor socket_;
  std::uint16_t number_ = 0;
};

bool connects(int family, const void* address, std::size_t size);

// Returns when somebody listens on the port of 127.0.0.1.
void wait_until_accepted(std::uint16_t port);
// The same, until an HTTP request is answered.
void wait_until_answered(std::uint16_t port);

}  // namespace benchmarks

#endif  // MIRAKURU_BENCHMARKS_SOCKETS_HPP_
