// What to run: a command line, a list of words, or a shell script.
#ifndef MIRAKURU_COMMAND_HPP_
#define MIRAKURU_COMMAND_HPP_

#include <initializer_list>
#include <iosfwd>
#include <string>
#include <utility>
#include <vector>

#include "mirakuru/export.hpp"

namespace mirakuru {

// No shell is started, except by Command::shell(). A program name without a slash is searched for
// on the service's PATH; a relative path with a slash is relative to the service's working
// directory. Placeholders ({port}, {tmpdir}, ...) are filled in at the start.
class MIRAKURU_EXPORT Command {
 public:
  // One word of a list. With std::string, a list of two literals would be taken for a pair of
  // iterators, and become one word.
  class Word {
   public:
    Word(const char* text) : text_(text) {}             // NOLINT(google-explicit-constructor)
    Word(std::string text) : text_(std::move(text)) {}  // NOLINT(google-explicit-constructor)
    const std::string& text() const { return text_; }

   private:
    std::string text_;
  };

  // A command line, split into words as in a POSIX shell (XCU 2.2, "Quoting"): quotes and
  // backslashes work; $, *, |, ; and # are ordinary characters. Throws std::invalid_argument if the
  // line is empty or a quote is not closed.
  Command(const char* line);         // NOLINT(google-explicit-constructor): implicit by design
  Command(const std::string& line);  // NOLINT(google-explicit-constructor)

  // The words, passed on unchanged. Throws std::invalid_argument if there are none, or if the first
  // one is empty.
  Command(std::initializer_list<Word> words);  // NOLINT(google-explicit-constructor)
  Command(std::vector<std::string> words);     // NOLINT(google-explicit-constructor)

  // A script for /bin/sh -c.
  static Command shell(const std::string& script);

  const std::vector<std::string>& words() const { return words_; }

  // The command line, quoted so that it can be pasted into a shell.
  std::string to_string() const;

 private:
  std::vector<std::string> words_;
};

MIRAKURU_EXPORT std::ostream& operator<<(std::ostream& out, const Command& command);

}  // namespace mirakuru

#endif  // MIRAKURU_COMMAND_HPP_
