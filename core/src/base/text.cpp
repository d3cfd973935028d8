#include "base/text.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "mirakuru/options.hpp"

namespace mirakuru::detail {
namespace {

// The length of the well-formed UTF-8 sequence (Unicode 15, table 3-7) at the start of `text`, if
// XML 1.0 allows its character; otherwise 0.
std::size_t utf8_sequence(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return lead >= 0x20 && lead != 0x7f ? 1 : 0;
  const std::size_t length = lead >= 0xc2 && lead <= 0xdf   ? 2
                             : lead >= 0xe0 && lead <= 0xef ? 3
                             : lead >= 0xf0 && lead <= 0xf4 ? 4
                                                            : 0;
  if (length == 0 || text.size() < length) return 0;
  std::uint32_t character = lead & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
    character = character << 6 | (byte(i) & 0x3fU);
  }
  const bool overlong = (length == 3 && character < 0x800) || (length == 4 && character < 0x10000);
  const bool surrogate = character >= 0xd800 && character <= 0xdfff;
  const bool c1_control = character >= 0x80 && character <= 0x9f;  // terminals interpret these
  const bool no_character = (character & 0xfffe) == 0xfffe || character > 0x10ffff;
  return overlong || surrogate || c1_control || no_character ? 0 : length;
}

bool plain_in_shell(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         (c != '\0' && std::strchr("_-+=./:,@%^", c) != nullptr);
}

}  // namespace

std::string readable(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    // A run of plain characters is copied in one piece: a command may have megabytes of them.
    const auto* const plain_end =
        std::find_if_not(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
    if (plain_end != text.begin()) {
      const auto size = static_cast<std::size_t>(plain_end - text.begin());
      result += text.substr(0, size);
      text.remove_prefix(size);
      continue;
    }
    const std::size_t length =
        text.front() == '\n' || text.front() == '\t' ? 1 : utf8_sequence(text);
    if (length == 0) {
      absl::StrAppendFormat(&result, "\\x%02x", static_cast<unsigned char>(text.front()));
      text.remove_prefix(1);
    } else {
      result += text.substr(0, length);
      text.remove_prefix(length);
    }
  }
  return result;
}

std::string shell_quoted(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) {
    if (!line.empty()) line += ' ';
    bool plain = !word.empty();
    for (const char c : word) plain = plain && plain_in_shell(c);
    if (plain) {
      line += word;
      continue;
    }
    line += '\'';
    for (const char c : word) {
      if (c == '\'') {
        line += "'\\''";
      } else {
        line += c;
      }
    }
    line += '\'';
  }
  return line;
}

std::string indented(std::string_view text, std::string_view prefix) {
  std::string result;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    result += prefix;
    result += text.substr(0, end);
    result += '\n';
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return result;
}

std::string_view last_lines(std::string_view text, std::size_t lines) {
  if (lines == 0) return {};
  std::size_t position = text.size();
  if (position > 0 && text.back() == '\n') --position;
  while (position > 0) {
    if (text[position - 1] == '\n' && --lines == 0) return text.substr(position);
    --position;
  }
  return text;
}

std::string in_words(std::chrono::milliseconds duration) {
  if (duration == forever) return "for ever";
  const auto ms = duration.count();
  if (ms < 1000) return absl::StrCat(ms, " ms");
  return absl::StrCat(static_cast<double>(ms) / 1000.0, " s");
}

std::string signal_name(int signal) {
  const char* name = sigabbrev_np(signal);
  return name != nullptr ? absl::StrCat("SIG", name) : absl::StrCat("signal ", signal);
}

std::string errno_in_words(int error) {
  const char* name = strerrorname_np(error);
  return absl::StrCat(strerrordesc_np(error) != nullptr ? strerrordesc_np(error) : "unknown error",
                      " (", name != nullptr ? name : std::to_string(error).c_str(), ")");
}

}  // namespace mirakuru::detail
