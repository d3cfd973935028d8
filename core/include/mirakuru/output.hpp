// What a service printed, and what it is told on its stdin.
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
class ExecutorState;
}

// One of a service's two output streams, read from its log: while the service runs, and after it
// ended until its executor goes. A new start() begins a new text.
//
// Where more was printed than the log may hold, the middle is missing and a line says so.
class MIRAKURU_EXPORT Output {
 public:
  // All of it so far.
  std::string text() const;
  // The last lines of it.
  std::string tail(std::size_t lines = 20) const;
  // The first line so far that matches (RE2 syntax, searched in each line).
  std::optional<std::string> match(const std::string& pattern) const;

  // wait_for() and read_line() go through the text together: each goes on where the last one
  // stopped.
  //
  // The next line that matches. Throws TimeoutExpired, or ProcessExitedWithError where the stream
  // ended without such a line, or std::invalid_argument for a bad pattern.
  std::string wait_for(const std::string& pattern,
                       std::chrono::milliseconds timeout = std::chrono::seconds(10));
  // The next line without its newline; none at the end of the stream. Throws TimeoutExpired.
  std::optional<std::string> read_line(
      std::chrono::milliseconds timeout = std::chrono::seconds(10));

  // How many bytes were printed since the executor was made, over all starts; with since(), a mark
  // for what comes from now on.
  std::uint64_t mark() const;
  std::string since(std::uint64_t mark) const;

  // The log on disk, while the executor lives; empty where nothing is captured.
  std::string path() const;

 private:
  friend class detail::ExecutorState;
  Output(detail::ExecutorState& executor, int stream) : executor_(executor), stream_(stream) {}
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  detail::ExecutorState& executor_;
  int stream_;  // 1 or 2
};

// A service's stdin, where Options::std_in is a pipe (as it is unless told).
class MIRAKURU_EXPORT Input {
 public:
  // Writes all of it. Throws ExecutorError where the service no longer reads, TimeoutExpired where
  // it does not read in time.
  void write(std::string_view text, std::chrono::milliseconds timeout = std::chrono::seconds(10));
  // The service reads the end of the file. Harmless to repeat.
  void close();

 private:
  friend class detail::ExecutorState;
  explicit Input(detail::ExecutorState& executor) : executor_(executor) {}
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

  detail::ExecutorState& executor_;
};

}  // namespace mirakuru

#endif  // MIRAKURU_OUTPUT_HPP_
