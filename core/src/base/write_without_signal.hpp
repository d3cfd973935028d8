// write(2) without the SIGPIPE that a pipe without a reader raises. Pipes have no MSG_NOSIGNAL, so
// the signal is blocked in this thread, and removed if it was not pending before.
#ifndef MIRAKURU_CORE_SRC_BASE_WRITE_WITHOUT_SIGNAL_HPP_
#define MIRAKURU_CORE_SRC_BASE_WRITE_WITHOUT_SIGNAL_HPP_

#include <sys/types.h>

#include <chrono>
#include <string_view>

#include "mirakuru/options.hpp"

namespace mirakuru::detail {

ssize_t write_without_signal(int fd, std::string_view text);

// Writes all of the text. `patience`: how long to wait for room each time, also if the descriptor
// is non-blocking. False, with errno, if not all of it was written.
bool write_all(int fd, std::string_view text, std::chrono::milliseconds patience = forever);

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_BASE_WRITE_WITHOUT_SIGNAL_HPP_
