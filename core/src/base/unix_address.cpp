#include "base/unix_address.hpp"

#include <cerrno>
#include <string>
#include <system_error>

namespace mirakuru::detail {

UnixAddress::UnixAddress(std::string_view path) {
  if (path.size() > kLongestPath) {
    throw std::system_error(ENAMETOOLONG, std::generic_category(), std::string(path));
  }
  address_.sun_family = AF_UNIX;
  path.copy(address_.sun_path, kLongestPath);
  // The length of the address ends an abstract name; a zero byte ends a path.
  const bool is_abstract = !path.empty() && path.front() == '\0';
  size_ =
      static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + (is_abstract ? 0 : 1));
}

}  // namespace mirakuru::detail
