// Disables protections of the library in the test program, as supervisor.cpp does for the
// supervisor: the linker redirects its calls to here.
//
//   own_pid       a forked copy of the test program takes itself for the program
//   last_message  the end of a shepherd is seen before its last message, once
//                 (socket_message.cpp)
//   last_message_at_a_second_look
//                 and a second time, as if the call had not been repeated
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "supervisor/protocol.hpp"

extern "C" {
pid_t __real_getpid();
ssize_t __real_recv(int socket, void* data, std::size_t size, int flags);
}

namespace {

const char* const missing = std::getenv("WITHOUT");
const pid_t first_pid = __real_getpid();

bool without(const char* protection) {
  return missing != nullptr && std::strcmp(missing, protection) == 0;
}

int ends_to_tell = without("last_message") ? 1 : without("last_message_at_a_second_look") ? 2 : 0;

bool last_message_is_next(int socket) {
  using mirakuru::protocol::Event;
  Event event;
  return __real_recv(socket, &event, sizeof event, MSG_PEEK | MSG_DONTWAIT) == sizeof event &&
         event.type == mirakuru::protocol::EventType::all_ended;
}

}  // namespace

extern "C" ssize_t __wrap_recv(int socket, void* data, std::size_t size, int flags) {
  if (ends_to_tell > 0 && last_message_is_next(socket)) {
    // It has really ended, except for the message.
    for (pollfd end{socket, 0, 0}; (end.revents & POLLHUP) == 0;) poll(&end, 1, -1);
    --ends_to_tell;
    return 0;
  }
  return __real_recv(socket, data, size, flags);
}

extern "C" pid_t __wrap_getpid() { return without("own_pid") ? first_pid : __real_getpid(); }
