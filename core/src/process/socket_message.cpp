#include "process/socket_message.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "supervisor/protocol.hpp"

namespace mirakuru::detail {

bool send_message(int socket, const void* data, std::size_t size, const std::vector<int>& fds) {
  iovec content{const_cast<void*>(data), size};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * protocol::kFdSlots)] = {};
  msghdr message{};
  message.msg_iov = &content;
  message.msg_iovlen = 1;
  if (!fds.empty()) {
    message.msg_control = control;
    message.msg_controllen = CMSG_SPACE(sizeof(int) * fds.size());
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int) * fds.size());
    std::memcpy(CMSG_DATA(header), fds.data(), sizeof(int) * fds.size());
  }
  ssize_t n = 0;
  do {
    n = ::sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  } while (n < 0 && errno == EINTR);
  return n >= 0;
}

// The kernel first looks for a message, and then checks whether the peer has closed
// (unix_dgram_recvmsg()). If the peer sends its last message and closes in between, the end is
// returned before the message. A second call returns the message, and no further one can follow.
ssize_t receive_message(int socket, void* data, std::size_t size, int flags) {
  ssize_t n = 0;
  for (int tries = 0; n == 0 && tries < 2; ++tries) {
    do {
      n = ::recv(socket, data, size, flags);
    } while (n < 0 && errno == EINTR);
  }
  return n;
}

ssize_t receive_message(int socket, void* data, std::size_t size, UniqueFd& fd) {
  iovec content{data, size};
  // Room for one descriptor; the kernel closes those that do not fit.
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  msghdr message{};
  message.msg_iov = &content;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  const ssize_t received = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  const cmsghdr* const header = received < 0 ? nullptr : CMSG_FIRSTHDR(&message);
  if (header != nullptr && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS) {
    int number = -1;
    std::memcpy(&number, CMSG_DATA(header), sizeof number);
    fd.reset(number);
  }
  return received;
}

}  // namespace mirakuru::detail
