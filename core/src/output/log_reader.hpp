// Reads the log of one output stream while its shepherd writes it. See protocol::LogLimit for the
// layout on disk.
#ifndef MIRAKURU_CORE_SRC_OUTPUT_LOG_READER_HPP_
#define MIRAKURU_CORE_SRC_OUTPUT_LOG_READER_HPP_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "base/unique_fd.hpp"

namespace mirakuru::detail {

class LogReader {
 public:
  // For a stream that is not captured: every text is empty.
  LogReader() : LogReader({}, 0, 0, 0) {}
  // `head` 0: one file, unlimited. `origin`: the offset in that file at which the stream begins.
  LogReader(std::string path, std::uint64_t head, std::uint64_t segment, std::uint64_t origin);

  const std::string& path() const { return path_; }
  // True for an empty path.
  bool exists() const;
  // Another reader of the same log.
  LogReader again() const { return LogReader(path_, head_, segment_, origin_); }
  std::uint64_t head() const { return head_; }
  std::uint64_t segment() const { return segment_; }
  std::uint64_t origin() const { return origin_; }

  // The number of bytes printed so far.
  std::uint64_t end() const;
  // The number of them that can be read: a deleted file can be read as far as it is open.
  std::uint64_t readable_end() const;

  // Reads up to `size` of the available bytes from `offset` on; 0 at the end. If those at `offset`
  // are no longer on disk, `offset` moves to the next that are.
  std::size_t read(std::uint64_t& offset, char* buffer, std::size_t size);

  // All that was printed so far, from `offset` on; a line marks a part that is missing.
  std::string text(std::uint64_t offset);
  // The last `lines` lines of it, not before `offset`.
  std::string tail(std::uint64_t offset, std::size_t lines);

 private:
  std::string segment_path(std::uint64_t index) const;
  // The number of the first segment on disk that is `index` or later; 0 if there is none.
  std::uint64_t next_segment(std::uint64_t index) const;
  // The number of the last segment; 0 if there is only the head.
  std::uint64_t last_segment() const;
  // Opens the file that holds `offset`; false if there is none.
  bool open_file_of(std::uint64_t offset);

  std::string path_;
  std::uint64_t head_;
  std::uint64_t segment_;
  std::uint64_t origin_;
  // The file that was read last, and its part of the stream.
  UniqueFd file_;
  std::uint64_t file_begin_ = 0;
  std::uint64_t file_end_ = 0;
};

// Reads a log line by line while it grows, a limited amount per read_available(): a service may
// print faster than its output can be searched, so a loop to the end of the log might never return.
class LineCursor {
 public:
  // Takes some milliseconds.
  static constexpr std::uint64_t kOneRead = 256 * 1024;
  static constexpr std::uint64_t kAll = std::numeric_limits<std::uint64_t>::max();

  // Returns lines whole, however long they are.
  explicit LineCursor(std::uint64_t offset) : offset_(offset) {}
  // Returns a line longer than `longest` in pieces, each of which begins with the last `overlap`
  // bytes of the previous one, so that text to search for is not cut in two.
  LineCursor(std::uint64_t offset, std::size_t longest, std::size_t overlap)
      : offset_(offset), longest_(longest), overlap_(overlap) {}

  struct Line {
    std::string_view text;  // without its newline; valid until the next call
    bool complete;          // false: the last line so far; more of it may come
  };
  // Reads what has been printed so far, but no more than `most` bytes. True if there is more, for
  // another call at once.
  bool read_available(const LogReader& log, std::uint64_t most = kOneRead);
  // The next line that read_available() has read. An incomplete one is returned again, longer, when
  // more of it has come, unless accept() was called. False: nothing new.
  bool next(LogReader& log, Line& line);
  // Continues after the incomplete line that next() returned last.
  void accept();

 private:
  bool fill(LogReader& log);

  std::uint64_t offset_;
  std::uint64_t view_end_ = 0;
  bool is_behind_ = false;  // the log has more than was read
  std::size_t longest_ = std::numeric_limits<std::size_t>::max();
  std::size_t overlap_ = 0;
  std::string buffer_;     // what was read from the log and not yet returned
  std::size_t begin_ = 0;  // where the current line begins in it
  std::size_t seen_ = 0;   // up to where it has been searched for a newline
  bool given_ = false;     // the current line was returned as it is
};

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_OUTPUT_LOG_READER_HPP_
