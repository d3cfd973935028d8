// The address of a unix(7) socket.
#ifndef MIRAKURU_CORE_SRC_BASE_UNIX_ADDRESS_HPP_
#define MIRAKURU_CORE_SRC_BASE_UNIX_ADDRESS_HPP_

#include <sys/socket.h>
#include <sys/un.h>

#include <cstddef>
#include <string_view>

namespace mirakuru::detail {

class UnixAddress {
 public:
  static constexpr std::size_t kLongestPath = sizeof(sockaddr_un::sun_path) - 1;

  // A path that begins with a zero byte is the name of an abstract socket. Throws std::system_error
  // (ENAMETOOLONG) for more than kLongestPath bytes.
  explicit UnixAddress(std::string_view path);

  // For bind(2) and connect(2).
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address_); }
  socklen_t size() const { return size_; }

 private:
  sockaddr_un address_{};
  socklen_t size_;
};

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_BASE_UNIX_ADDRESS_HPP_
