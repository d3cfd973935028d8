// What an Output reads from: the log of one stream, and what is known of the service that writes to
// it. The service may be an executor's own (executor/service_streams.hpp), or one that another
// process runs.
#ifndef MIRAKURU_CORE_SRC_OUTPUT_LOG_SOURCE_HPP_
#define MIRAKURU_CORE_SRC_OUTPUT_LOG_SOURCE_HPP_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "base/waiting.hpp"
#include "mirakuru/exit_status.hpp"
#include "output/log_reader.hpp"
#include "output/output_stream.hpp"

namespace mirakuru::detail {

class LogSource {
 public:
  explicit LogSource(OutputStream stream, LogReader log = {}, std::uint64_t begin = 0)
      : stream_(stream), log_(std::move(log)), begin_(begin), cursor_(begin) {}
  virtual ~LogSource() = default;
  LogSource(const LogSource&) = delete;
  LogSource& operator=(const LogSource&) = delete;

  OutputStream stream() const { return stream_; }
  LogReader& log() { return log_; }
  const LogReader& log() const { return log_; }
  // Where the output of the last start begins.
  std::uint64_t begin() const { return begin_; }
  // The position at which wait_for() and read_line() continue.
  LineCursor& cursor() { return cursor_; }

  // The log of a service that was started has been deleted.
  virtual bool is_deleted() const = 0;
  // Afterwards the log holds all that was printed before the call.
  virtual void flush() = 0;
  // Processes what has become known of the service since the last call; does not block.
  virtual void update() = 0;
  // No more output will come.
  virtual bool ended() const = 0;
  // How the main process ended; nullopt while it runs, or if that is not known.
  virtual std::optional<ExitStatus> exit_status() const = 0;
  // Wakes up when there is something for update().
  virtual void wait_on(WaitSet& set) const = 0;
  // The text of a failure; see failure_report(). `waited_for` may be empty.
  virtual std::string failure_report(const std::string& headline,
                                     const std::string& waited_for) = 0;

 protected:
  // A new start of the service: what it prints begins at the end of the log.
  void begin_at_end() {
    begin_ = log_.end();
    cursor_ = LineCursor(begin_);
  }
  void set_log(LogReader log) { log_ = std::move(log); }

 private:
  const OutputStream stream_;
  LogReader log_;
  std::uint64_t begin_;
  LineCursor cursor_;
};

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_OUTPUT_LOG_SOURCE_HPP_
