// Reads the log of one output stream while its shepherd writes it (protocol::LogLimit says how it
// lies on disk).
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
  // Nothing is captured, and every text is empty.
  LogReader() : LogReader({}, 0, 0, 0) {}
  // `head` 0: one file, unlimited.
  // `origin`: where in that file the stream begins.
  LogReader(std::string path, std::uint64_t head, std::uint64_t segment, std::uint64_t origin);

  const std::string& path() const { return path_; }
  // True for an empty path.
  bool exists() const;
  // Another reader of the same log.
  LogReader again() const { return LogReader(path_, head_, segment_, origin_); }
  std::uint64_t head() const { return head_; }
  std::uint64_t segment() const { return segment_; }
  std::uint64_t origin() const { return origin_; }

  // How many bytes were printed so far.
  std::uint64_t end() const;
  // How many of them can be read: one that is deleted can, as far as it is open.
  std::uint64_t readable_end() const;

  // Bytes from `offset` on, as many as are at hand up to `size`; 0 at the end. Where they are no
  // longer on disk, `offset` moves on to the next that are.
  std::size_t read(std::uint64_t& offset, char* buffer, std::size_t size);

  // All from `offset` on that was printed by now; a line tells where a part is missing.
  std::string text(std::uint64_t offset);
  // The last lines of it, from `offset` on at the most.
  std::string tail(std::uint64_t offset, std::size_t lines);

 private:
  std::string segment_path(std::uint64_t index) const;
  // The number of the first segment on disk that is `index` or a later one; 0 where none is.
  std::uint64_t next_segment(std::uint64_t index) const;
  // The number of the last one; 0 where there is only the head.
  std::uint64_t last_segment() const;
  // Opens the file that holds `offset`; false where there is none.
  bool open_file_of(std::uint64_t offset);

  std::string path_;
  std::uint64_t head_;
  std::uint64_t segment_;
  std::uint64_t origin_;
  // The file that was read last, and what part of the stream it holds.
  UniqueFd file_;
  std::uint64_t file_begin_ = 0;
  std::uint64_t file_end_ = 0;
};

// Goes through a log line by line, while it grows, look by look: a service may print faster than
// its output can be searched, so that whoever went on to the end would never come back.
class LineCursor {
 public:
  // Some milliseconds' worth.
  static constexpr std::uint64_t kOneLook = 256 * 1024;
  static constexpr std::uint64_t kAll = std::numeric_limits<std::uint64_t>::max();

  // Lines come whole, however long they are.
  explicit LineCursor(std::uint64_t offset) : offset_(offset) {}
  // A line longer than `longest` comes in pieces, of which each begins with the last `overlap`
  // bytes of the one before, so that what is searched for is not cut in two.
  LineCursor(std::uint64_t offset, std::size_t longest, std::size_t overlap)
      : offset_(offset), longest_(longest), overlap_(overlap) {}

  struct Line {
    std::string_view text;  // without its newline; valid until the next call
    bool complete;          // false: the last line so far; more of it may come
  };
  // Takes in what has been printed by now, but no more than `most` bytes of it. True: there is
  // more, for another look at once.
  bool look(const LogReader& log, std::uint64_t most = kOneLook);
  // The next line in view. An incomplete one is given again, longer, when more of it has come,
  // unless accept() was called. False: nothing new.
  bool next(LogReader& log, Line& line);
  // Goes on behind the incomplete line that next() gave last.
  void accept();

 private:
  bool fill(LogReader& log);

  std::uint64_t offset_;
  std::uint64_t view_end_ = 0;
  bool is_behind_ = false;  // the view ends before the log does
  std::size_t longest_ = std::numeric_limits<std::size_t>::max();
  std::size_t overlap_ = 0;
  std::string buffer_;     // what has been read of the log and not yet been given out
  std::size_t begin_ = 0;  // where in it the current line begins
  std::size_t seen_ = 0;   // up to where it has been searched for a newline
  bool given_ = false;     // the current line was given as it is
};

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_OUTPUT_LOG_READER_HPP_
