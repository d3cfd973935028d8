// How a shepherd learns that nobody needs its service any more. The test program can end with its
// sockets still open in a forked copy (only the pidfd tells), or replace itself by exec with its
// pid still alive (only the end of the channel tells), and the supervisor can be killed (only the
// lifeline tells, a pipe whose other end it alone holds).
#ifndef MIRAKURU_CORE_SUPERVISOR_OWNER_WATCH_HPP_
#define MIRAKURU_CORE_SUPERVISOR_OWNER_WATCH_HPP_

#include "system.hpp"

namespace mirakuru::supervisor {

struct OwnerWatch {
  Fd channel;
  Fd pidfd;
  Fd lifeline;

  // Sleeps until `fd` can be read; false where the owner ended before that.
  bool wait_readable(int fd) const;
};

}  // namespace mirakuru::supervisor

#endif  // MIRAKURU_CORE_SUPERVISOR_OWNER_WATCH_HPP_
