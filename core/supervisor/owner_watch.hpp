// How a shepherd detects that its service is no longer needed. The test program can end while a
// forked copy keeps its sockets open (only the pidfd reports that), or replace itself by exec while
// its pid stays alive (only the end of the channel reports that), and the supervisor can be killed
// (only the lifeline reports that: a pipe whose other end the supervisor alone holds).
#ifndef MIRAKURU_CORE_SUPERVISOR_OWNER_WATCH_HPP_
#define MIRAKURU_CORE_SUPERVISOR_OWNER_WATCH_HPP_

#include "system.hpp"

namespace mirakuru::supervisor {

struct OwnerWatch {
  Fd channel;
  Fd pidfd;
  Fd lifeline;

  // Sleeps until `fd` can be read; false if the owner ended first.
  bool wait_readable(int fd) const;
};

}  // namespace mirakuru::supervisor

#endif  // MIRAKURU_CORE_SUPERVISOR_OWNER_WATCH_HPP_
