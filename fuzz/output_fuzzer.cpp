// A service's output, written and read in pieces of any size, gives the same bytes, lines and
// matches as in one piece.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/pattern.hpp"
#include "base/text.hpp"
#include "fuzz.hpp"
#include "output/log_reader.hpp"
#include "supervisor/log_writer.hpp"
#include "support/temp_dir.hpp"

namespace mirakuru::fuzz {
namespace {

using detail::LineCursor;
using detail::LogReader;
using detail::Pattern;

// Overlaps are as long as the text that is searched for.
const std::string kBanner = "ready";

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    const bool complete = end != std::string_view::npos;
    if (complete && !line.empty() && line.back() == '\r') line.remove_suffix(1);
    lines.emplace_back(line);
    text.remove_prefix(complete ? end + 1 : text.size());
  }
  return lines;
}

std::vector<bool> matches(const std::vector<std::string>& lines, const Pattern& pattern) {
  std::vector<bool> found;
  found.reserve(lines.size());
  for (const std::string& line : lines) found.push_back(pattern.found_in(line));
  return found;
}

// The result of a cursor: the complete lines so far, and the incomplete one.
class Lines {
 public:
  explicit Lines(LineCursor cursor) : cursor_(std::move(cursor)) {}

  void take(LogReader& log) {
    LineCursor::Line line;
    cursor_.read_available(log, LineCursor::kAll);
    while (cursor_.next(log, line)) {
      rest_ = line.complete ? "" : std::string(line.text);
      if (line.complete) complete_.emplace_back(line.text);
    }
  }
  std::vector<std::string> all() const {
    std::vector<std::string> lines = complete_;
    if (!rest_.empty()) lines.push_back(rest_);
    return lines;
  }

 private:
  LineCursor cursor_;
  std::vector<std::string> complete_;
  std::string rest_;
};

// Written as by a shepherd.
class Log {
 public:
  Log(std::uint64_t head, std::uint64_t segment) : head_(head), segment_(segment) {
    for (const std::string& name : directory().entries()) unlink((directory() / name).c_str());
    supervisor::Fd file(open(path().c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    supervisor::Fd place(open(directory().path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    place_ = std::move(place);
    writer_.open(std::move(file), "log", place_.get(), {head_, segment_, 0});
  }

  LogReader reader() const { return LogReader(path(), head_, segment_, 0); }
  void write(std::string_view text) {
    writer_.write(text.data(), text.size());
    require(writer_.take_error() == 0, "the log can be written");
  }
  // Whether `size` bytes exceed what is kept: the head and the last two segments.
  bool loses_some_of(std::size_t size) const {
    if (head_ == 0 || size <= head_) return false;
    return (size - head_ + segment_ - 1) / segment_ > 2;
  }

 private:
  static const tests::TempDir& directory() {
    static const tests::TempDir directory;
    return directory;
  }
  static std::string path() { return directory() / "log"; }

  std::uint64_t head_;
  std::uint64_t segment_;
  supervisor::Fd place_;
  supervisor::LogWriter writer_;
};

void compare(Input input) {
  const std::uint64_t head = input.byte();
  const std::uint64_t segment = 1 + input.byte();
  // With a short log, a slower reader loses output.
  const std::size_t most = head == 0 ? 256 : segment;
  const std::size_t chunk = std::min<std::size_t>(1 + input.byte(), most);
  // Pieces are longer than their overlap with the previous one.
  const std::size_t longest = kBanner.size() + 1 + input.byte();
  const std::size_t pattern_size = input.byte() % 16;
  const std::string expression(input.bytes(pattern_size));
  const std::string content(input.rest());

  Log log(head, segment);
  LogReader reader = log.reader();
  LogReader reader_of_pieces = reader.again();
  Lines lines{LineCursor(0)};
  Lines pieces{LineCursor(0, longest, kBanner.size())};
  for (std::size_t at = 0; at < content.size(); at += chunk) {
    log.write(std::string_view(content).substr(at, chunk));
    lines.take(reader);
    pieces.take(reader_of_pieces);
  }

  const std::vector<std::string> expected = lines_of(content);
  require(lines.all() == expected, "the lines are those that were written");
  const Pattern banner(kBanner, "banner");
  bool in_pieces = false;
  bool at_once = false;
  for (const bool found : matches(pieces.all(), banner)) in_pieces = in_pieces || found;
  for (const bool found : matches(expected, banner)) at_once = at_once || found;
  require(in_pieces == at_once, "a banner is found in pieces of a line");
  try {
    const Pattern pattern(expression, "pattern");
    require(matches(lines.all(), pattern) == matches(expected, pattern), "the lines that match");
  } catch (const std::invalid_argument&) {
    // An invalid regular expression.
  }

  require(reader.end() == content.size(), "how much was printed");
  const std::string text = log.reader().text(0);
  if (!log.loses_some_of(content.size())) {
    require(text == content, "all of it");
    require(log.reader().tail(0, 3) == detail::last_lines(content, 3), "the last lines");
    return;
  }
  const std::string_view kept = std::string_view(content).substr(content.size() - segment);
  require(text.compare(0, head, content, 0, head) == 0, "the head stays");
  require(text.size() >= segment && text.substr(text.size() - segment) == kept, "the tail stays");
  require(text.find("bytes are missing here]\n") != std::string::npos,
          "the log says what is missing");
}

}  // namespace
}  // namespace mirakuru::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  mirakuru::fuzz::compare({data, size});
  return 0;
}
