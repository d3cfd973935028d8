// What to run: a line, a list of words, or a shell script.
#ifndef MIRAKURU_COMMAND_HPP_
#define MIRAKURU_COMMAND_HPP_

#include <initializer_list>
#include <iosfwd>
#include <string>
#include <utility>
#include <vector>

#include "mirakuru/export.hpp"

namespace mirakuru {

// No shell is started unless asked for by name. The program is searched for on the PATH that the
// service gets where its name has no slash; a relative path with a slash counts from the directory
// that the service runs in. Placeholders ({port}, {tmpdir}, ...) are filled in at the start.
class MIRAKURU_EXPORT Command {
 public:
  // One word of a list. Not a std::string, which two literals would make into one word: from the
  // first to the second, as if they were iterators.
  class Word {
   public:
    Word(const char* text) : text_(text) {}             // NOLINT(google-explicit-constructor)
    Word(std::string text) : text_(std::move(text)) {}  // NOLINT(google-explicit-constructor)
    const std::string& text() const { return text_; }

   private:
    std::string text_;
  };

  // A line, split into words as a POSIX shell does it (XCU 2.2, "Quoting"): quotes and backslashes
  // work; $, *, |, ; and # are ordinary characters. Throws std::invalid_argument where the line is
  // empty or a quote is not closed.
  Command(const char* line);         // NOLINT(google-explicit-constructor): made to be implicit
  Command(const std::string& line);  // NOLINT(google-explicit-constructor)

  // The words themselves, passed on as they are. Throws std::invalid_argument where there is none
  // or the first one is empty.
  Command(std::initializer_list<Word> words);  // NOLINT(google-explicit-constructor)
  Command(std::vector<std::string> words);     // NOLINT(google-explicit-constructor)

  // A script for /bin/sh -c.
  static Command shell(const std::string& script);

  const std::vector<std::string>& words() const { return words_; }

  // Quoted so that it can be pasted into a shell.
  std::string to_string() const;

 private:
  std::vector<std::string> words_;
};

MIRAKURU_EXPORT std::ostream& operator<<(std::ostream& out, const Command& command);

}  // namespace mirakuru

#endif  // MIRAKURU_COMMAND_HPP_
