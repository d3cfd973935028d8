// Formatting for messages: escaping, quoting, durations.
#ifndef MIRAKURU_CORE_SRC_BASE_TEXT_HPP_
#define MIRAKURU_CORE_SRC_BASE_TEXT_HPP_

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace mirakuru::detail {

// Safe for a terminal and for XML: newlines and tabs stay; other control characters, invalid UTF-8
// and what XML 1.0 does not allow become \xNN.
std::string readable(std::string_view text);

// Joins words to a line that a shell would split into the same words.
std::string shell_quoted(const std::vector<std::string>& words);

// Puts `prefix` before every line of `text`.
std::string indented(std::string_view text, std::string_view prefix);

// The last `lines` lines of `text`.
std::string_view last_lines(std::string_view text, std::size_t lines);

// "250 ms", "5 s", "1.25 s", "for ever".
std::string in_words(std::chrono::milliseconds duration);

// "SIGTERM", or "signal 42" if it has no name.
std::string signal_name(int signal);

// "No such file or directory (ENOENT)".
std::string errno_in_words(int error);

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_BASE_TEXT_HPP_
