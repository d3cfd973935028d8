#include "output/log_reader.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <limits>
#include <memory>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/text.hpp"

namespace mirakuru::detail {

LogReader::LogReader(std::string path, std::uint64_t head, std::uint64_t segment,
                     std::uint64_t origin)
    : path_(std::move(path)), head_(head), segment_(segment), origin_(origin) {}

bool LogReader::exists() const { return path_.empty() || ::access(path_.c_str(), F_OK) == 0; }

std::string LogReader::segment_path(std::uint64_t index) const {
  return absl::StrCat(path_, ".", index);
}

std::uint64_t LogReader::next_segment(std::uint64_t index) const {
  const std::filesystem::path path(path_);
  const std::string prefix = path.filename().string() + ".";
  std::uint64_t best = 0;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(path.parent_path(), error)) {
    const std::string name = entry.path().filename().string();
    std::uint64_t number = 0;
    if (name.compare(0, prefix.size(), prefix) == 0 &&
        absl::SimpleAtoi(name.substr(prefix.size()), &number) && number >= index &&
        (best == 0 || number < best)) {
      best = number;
    }
  }
  return best;
}

std::uint64_t LogReader::last_segment() const {
  std::uint64_t last = 0;
  for (std::uint64_t next = 0; (next = next_segment(last + 1)) != 0;) last = next;
  return last;
}

std::uint64_t LogReader::end() const {
  struct stat file {};
  if (path_.empty() || ::stat(path_.c_str(), &file) != 0) return 0;
  const auto size = static_cast<std::uint64_t>(file.st_size);
  const std::uint64_t in_head = size < origin_ ? 0 : size - origin_;
  if (head_ == 0 || in_head < head_) return in_head;
  while (const std::uint64_t last = last_segment()) {
    if (::stat(segment_path(last).c_str(), &file) != 0) continue;  // deleted: there are newer ones
    return head_ + (last - 1) * segment_ + static_cast<std::uint64_t>(file.st_size);
  }
  return in_head;
}

std::uint64_t LogReader::readable_end() const {
  struct stat file {};
  if (!file_ || ::fstat(file_.get(), &file) != 0) return end();
  const std::uint64_t before = file_begin_ == 0 ? origin_ : 0;
  const auto size = static_cast<std::uint64_t>(file.st_size);
  return std::max(end(), file_begin_ + size - std::min(size, before));
}

bool LogReader::open_file_of(std::uint64_t offset) {
  if (file_ && offset >= file_begin_ && offset < file_end_) return true;
  if (head_ == 0 || offset < head_) {
    file_begin_ = 0;
    file_end_ = head_ == 0 ? std::numeric_limits<std::uint64_t>::max() : head_;
    file_.reset(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
  } else {
    const std::uint64_t index = (offset - head_) / segment_ + 1;
    file_begin_ = head_ + (index - 1) * segment_;
    file_end_ = file_begin_ + segment_;
    file_.reset(::open(segment_path(index).c_str(), O_RDONLY | O_CLOEXEC));
  }
  return static_cast<bool>(file_);
}

std::size_t LogReader::read(std::uint64_t& offset, char* buffer, std::size_t size) {
  if (path_.empty()) return 0;
  while (true) {
    if (open_file_of(offset)) {
      const std::uint64_t in_file = offset - file_begin_ + (file_begin_ == 0 ? origin_ : 0);
      const auto wanted =
          static_cast<std::size_t>(std::min<std::uint64_t>(size, file_end_ - offset));
      const ssize_t n = ::pread(file_.get(), buffer, wanted, static_cast<off_t>(in_file));
      return n > 0 ? static_cast<std::size_t>(n) : 0;
    }
    if (head_ == 0 || offset < head_) return 0;
    const std::uint64_t next = next_segment((offset - head_) / segment_ + 1);
    if (next == 0) return 0;  // not yet written
    offset = head_ + (next - 1) * segment_;
  }
}

std::string LogReader::text(std::uint64_t offset) {
  std::string result;
  std::array<char, 65536> buffer;
  const std::uint64_t last = readable_end();
  while (offset < last) {
    const std::uint64_t wanted = offset;
    const std::size_t n = read(offset, buffer.data(), buffer.size());
    if (n == 0) break;
    if (offset != wanted) {
      if (!result.empty() && result.back() != '\n') result += '\n';
      absl::StrAppend(&result, "[mirakuru: ", offset - wanted, " bytes are missing here]\n");
    }
    result.append(buffer.data(), n);
    offset += n;
  }
  return result;
}

std::string LogReader::tail(std::uint64_t offset, std::size_t lines) {
  const std::uint64_t last = readable_end();
  for (std::uint64_t window = 16 * 1024;; window *= 16) {
    const bool all = last - std::min(last, offset) <= window;
    const std::string some = text(all ? offset : last - window);
    const std::string_view tail = last_lines(some, lines);
    // The first line of the window may be incomplete.
    if (all || tail.size() < some.size()) return std::string(tail);
  }
}

bool LineCursor::read_available(const LogReader& log, std::uint64_t most) {
  const std::uint64_t end = log.readable_end();
  is_behind_ = end > offset_ && end - offset_ > most;
  view_end_ = is_behind_ ? offset_ + most : end;
  return is_behind_;
}

bool LineCursor::fill(LogReader& log) {
  if (offset_ >= view_end_) return false;
  std::array<char, 65536> chunk;
  const std::size_t n = log.read(offset_, chunk.data(), chunk.size());
  if (n == 0) return false;
  buffer_.erase(0, begin_);
  seen_ -= begin_;
  begin_ = 0;
  buffer_.append(chunk.data(), n);
  offset_ += n;
  given_ = false;
  return true;
}

bool LineCursor::next(LogReader& log, Line& line) {
  while (true) {
    const std::size_t newline = buffer_.find('\n', seen_);
    const std::size_t begin = begin_;
    if (newline != std::string::npos) {
      begin_ = seen_ = newline + 1;
      given_ = false;
      std::string_view text(buffer_.data() + begin, newline - begin);
      if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
      line = {text, true};
      return true;
    }
    seen_ = buffer_.size();
    if (seen_ - begin >= longest_) {
      begin_ = seen_ - std::min(overlap_, seen_ - begin - 1);
      line = {std::string_view(buffer_.data() + begin, seen_ - begin), true};
      return true;
    }
    if (fill(log)) continue;
    if (is_behind_ || given_ || seen_ == begin) return false;
    given_ = true;
    line = {std::string_view(buffer_.data() + begin, seen_ - begin), false};
    return true;
  }
}

void LineCursor::accept() {
  begin_ = seen_ = buffer_.size();
  given_ = false;
}

}  // namespace mirakuru::detail
