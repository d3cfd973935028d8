// One captured stream of the service: takes what it prints out of the pipe or terminal, so that it
// never blocks, and hands it to the log and the echo.
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

  // Takes what is there, but not more than `limit` bytes: a service that prints without end would
  // keep us here. Closes at the end of the stream.
  void drain(std::size_t limit);

 private:
  Fd source_;  // non-blocking
  LogWriter log_;
  Echo echo_;
};

}  // namespace mirakuru::supervisor

#endif  // MIRAKURU_CORE_SUPERVISOR_CAPTURED_STREAM_HPP_
