// write(2) without the SIGPIPE that a pipe without a reader would raise: a pipe has no
// MSG_NOSIGNAL, so it is held back from this thread, and taken away where it was not pending
// before.
#ifndef MIRAKURU_CORE_SRC_BASE_WRITE_WITHOUT_SIGNAL_HPP_
#define MIRAKURU_CORE_SRC_BASE_WRITE_WITHOUT_SIGNAL_HPP_

#include <sys/types.h>

#include <string_view>

namespace mirakuru::detail {

ssize_t write_without_signal(int fd, std::string_view text);

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_BASE_WRITE_WITHOUT_SIGNAL_HPP_
