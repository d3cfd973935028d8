// One captured stream of the service: reads what the service prints from the pipe or terminal, so
// that the service never blocks, and passes it to the log and the echo.
#ifndef MIRAKURU_CORE_SUPERVISOR_CAPTURED_STREAM_HPP_
#define MIRAKURU_CORE_SUPERVISOR_CAPTURED_STREAM_HPP_

#include <utility>

#include "echo.hpp"
#include "log_writer.hpp"
#include "system.hpp"

namespace mirakuru::supervisor {

class CapturedStream {
 public:
  void open(Fd source) { source_ = std::move(source); }
  void close();

  bool is_open() const { return static_cast<bool>(source_); }
  int fd() const { return source_.get(); }
  LogWriter& log() { return log_; }
  Echo& echo() { return echo_; }

  // Reads what is available, but not more than `limit` bytes: a service that prints without end
  // would keep us in here. Closes at the end of the stream.
  void drain(std::size_t limit);

 private:
  Fd source_;  // non-blocking
  LogWriter log_;
  Echo echo_;
};

}  // namespace mirakuru::supervisor

#endif  // MIRAKURU_CORE_SUPERVISOR_CAPTURED_STREAM_HPP_
