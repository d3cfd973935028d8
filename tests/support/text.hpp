// Counts in texts.
#ifndef MIRAKURU_TESTS_SUPPORT_TEXT_HPP_
#define MIRAKURU_TESTS_SUPPORT_TEXT_HPP_

#include <string>

namespace mirakuru::tests {

inline int Count(const std::string& text, const std::string& wanted) {
  int count = 0;
  for (std::size_t at = 0; (at = text.find(wanted, at)) != std::string::npos; at += wanted.size()) {
    ++count;
  }
  return count;
}

inline int LineCount(const std::string& text) { return Count(text, "\n") + 1; }

}  // namespace mirakuru::tests

#endif  // MIRAKURU_TESTS_SUPPORT_TEXT_HPP_
