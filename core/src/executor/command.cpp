#include "mirakuru/command.hpp"

#include <ostream>
#include <stdexcept>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/text.hpp"

namespace mirakuru {
namespace {

[[noreturn]] void fail_at(const std::string& line, std::size_t position, const char* what) {
  // The position is marked below the line, so that it can be found in a long command too.
  throw std::invalid_argument(absl::StrCat("command: ", what, " at character ", position + 1,
                                           ":\n  ", detail::readable(line), "\n  ",
                                           std::string(position, ' '), "^"));
}

// POSIX.1-2017, XCU 2.2: a backslash preserves the next character, except that a backslash and a
// newline after it are removed; single quotes preserve everything; within double quotes a backslash
// is special before $ ` " \ and newline only.
std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> words;
  std::string word;
  bool in_word = false;  // an empty pair of quotes is a word too
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == ' ' || c == '\t' || c == '\n') {
      if (in_word) words.push_back(std::exchange(word, {}));
      in_word = false;
    } else if (c == '\\') {
      if (i + 1 == line.size()) fail_at(line, i, "nothing follows the backslash");
      if (line[++i] == '\n') continue;
      word += line[i];
      in_word = true;
    } else if (c == '\'') {
      const std::size_t end = line.find('\'', i + 1);
      if (end == std::string::npos) fail_at(line, i, "the single quote is not closed");
      word.append(line, i + 1, end - i - 1);
      i = end;
      in_word = true;
    } else if (c == '"') {
      const std::size_t start = i;
      for (++i; i < line.size() && line[i] != '"'; ++i) {
        if (line[i] == '\\' && i + 1 < line.size()) {
          const char next = line[i + 1];
          if (next == '$' || next == '`' || next == '"' || next == '\\' || next == '\n') ++i;
          if (next == '\n') continue;
        }
        word += line[i];
      }
      if (i == line.size()) fail_at(line, start, "the double quote is not closed");
      in_word = true;
    } else {
      word += c;
      in_word = true;
    }
  }
  if (in_word) words.push_back(std::move(word));
  return words;
}

std::vector<std::string> texts_of(std::initializer_list<Command::Word> words) {
  std::vector<std::string> texts;
  texts.reserve(words.size());
  for (const Command::Word& word : words) texts.push_back(word.text());
  return texts;
}

}  // namespace

Command::Command(const char* line) : Command(std::string(line)) {}
Command::Command(const std::string& line) : Command(split(line)) {}
Command::Command(std::initializer_list<Word> words) : Command(texts_of(words)) {}
Command::Command(std::vector<std::string> words) : words_(std::move(words)) {
  if (words_.empty()) throw std::invalid_argument("command: it is empty");
  if (words_.front().empty()) {
    throw std::invalid_argument("command: its first word, the program, is empty");
  }
  for (std::size_t i = 0; i < words_.size(); ++i) {
    if (words_[i].find('\0') != std::string::npos) {
      throw std::invalid_argument(absl::StrCat(
          "command: word ", i + 1, " holds a NUL character: ", detail::readable(words_[i])));
    }
  }
}

Command Command::shell(const std::string& script) {
  if (script.empty()) throw std::invalid_argument("command: the shell script is empty");
  return Command(std::vector<std::string>{"/bin/sh", "-c", script});
}

std::string Command::to_string() const { return detail::shell_quoted(words_); }

std::ostream& operator<<(std::ostream& out, const Command& command) {
  return out << command.to_string();
}

}  // namespace mirakuru
