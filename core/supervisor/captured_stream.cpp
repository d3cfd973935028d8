// Draining of one captured stream (see captured_stream.hpp).
#include "captured_stream.hpp"

#include <cerrno>

namespace mirakuru::supervisor {
namespace {

// The default size of a pipe. Static and shared: a shepherd whose service is silent never touches
// it.
char buffer[64 * 1024];

}  // namespace

void CapturedStream::close() {
  source_.reset();
  log_.close();
  echo_.finish();
}

void CapturedStream::drain(std::size_t limit) {
  while (source_ && limit > 0) {
    const std::size_t wanted = limit < sizeof buffer ? limit : sizeof buffer;
    const ssize_t size = read(source_.get(), buffer, wanted);
    if (size > 0) {
      log_.write(buffer, static_cast<std::size_t>(size));
      echo_.write(buffer, static_cast<std::size_t>(size));
      limit -= static_cast<std::size_t>(size);
    } else if (size < 0 && errno == EAGAIN) {
      return;
    } else if (size == 0 || errno != EINTR) {
      close();  // a terminal ends with EIO
    }
  }
}

}  // namespace mirakuru::supervisor
