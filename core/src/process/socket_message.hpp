// Messages over unix(7) sockets of type SOCK_SEQPACKET, which may carry descriptors.
#ifndef MIRAKURU_CORE_SRC_PROCESS_SOCKET_MESSAGE_HPP_
#define MIRAKURU_CORE_SRC_PROCESS_SOCKET_MESSAGE_HPP_

#include <sys/types.h>

#include <cstddef>
#include <vector>

#include "base/unique_fd.hpp"

namespace mirakuru::detail {

// Sends one message, with up to protocol::kFdSlots descriptors, without waiting. False, with errno,
// if it was not sent: there is no room (EAGAIN), or no peer (EPIPE, ECONNRESET).
bool send_message(int socket, const void* data, std::size_t size, const std::vector<int>& fds = {});

// recv(2), but returns 0, the end, only when no message is left.
ssize_t receive_message(int socket, void* data, std::size_t size, int flags);

// Receives a message, and the descriptor that came with it, if any; others are closed. Returns as
// recv(2).
ssize_t receive_message(int socket, void* data, std::size_t size, UniqueFd& fd);

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_PROCESS_SOCKET_MESSAGE_HPP_
