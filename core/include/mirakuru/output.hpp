// Reads a service's stdout and stderr, and writes to its stdin.
#ifndef MIRAKURU_OUTPUT_HPP_
#define MIRAKURU_OUTPUT_HPP_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mirakuru/export.hpp"

namespace mirakuru {

namespace detail {
class ExecutorImpl;
class LogSource;
}  // namespace detail

// One of a service's two output streams, read from its log, as long as the executor exists. Each
// start() begins a new text.
//
// If more was printed than the log may hold, the middle is missing, and a line says so.
class MIRAKURU_EXPORT Output {
 public:
  // All output so far.
  std::string text() const;
  // The last lines.
  std::string tail(std::size_t lines = 20) const;
  // The first line so far that matches (RE2 syntax, searched in each line).
  std::optional<std::string> match(const std::string& pattern) const;

  // wait_for() and read_line() share one position in the text: each call continues where the last
  // one stopped.
  //
  // Waits for the next line that matches, and returns it. Throws TimeoutExpired,
  // ProcessExitedWithError if the stream ends without such a line, or std::invalid_argument if the
  // pattern is invalid.
  std::string wait_for(const std::string& pattern,
                       std::chrono::milliseconds timeout = std::chrono::seconds(10));
  // Waits for the next line, and returns it without its newline; std::nullopt at the end of the
  // stream. Throws TimeoutExpired.
  std::optional<std::string> read_line(
      std::chrono::milliseconds timeout = std::chrono::seconds(10));

  // The number of bytes printed since the executor was created, over all starts. since(mark)
  // returns what was printed after that.
  std::uint64_t mark() const;
  std::string since(std::uint64_t mark) const;

  // The log file, which is deleted with the executor, or that of Stream::file(). Empty before the
  // first start, and if nothing is captured.
  std::string path() const;

  // For mirakuru itself. Reads from `source`, which must outlive this object.
  explicit Output(detail::LogSource& source);
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

 private:
  detail::LogSource& source_;
};

// A service's stdin, if Options::std_in is a pipe, which is the default.
class MIRAKURU_EXPORT Input {
 public:
  // Writes all of the text. Throws ExecutorError if the service no longer reads, TimeoutExpired if
  // it does not read in time.
  void write(std::string_view text, std::chrono::milliseconds timeout = std::chrono::seconds(10));
  // The service then reads the end of the file. Further calls do nothing.
  void close();

  // For mirakuru itself.
  explicit Input(detail::ExecutorImpl& executor) : executor_(executor) {}
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

 private:
  detail::ExecutorImpl& executor_;
};

}  // namespace mirakuru

#endif  // MIRAKURU_OUTPUT_HPP_
