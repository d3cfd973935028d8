// A regular expression. Uses RE2: its time is linear in the size of the text, and it needs no
// stack, so no output of a service can hang or crash the test program.
#ifndef MIRAKURU_CORE_SRC_BASE_PATTERN_HPP_
#define MIRAKURU_CORE_SRC_BASE_PATTERN_HPP_

#include <memory>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace mirakuru::detail {

class Pattern {
 public:
  // `where` ("OutputCheck::banner") names the source of the expression in the
  // std::invalid_argument.
  Pattern(const std::string& expression, const std::string& where);

  bool found_in(std::string_view line) const;
  bool matches_all_of(std::string_view text) const;
  const std::string& expression() const { return expression_; }

 private:
  std::string expression_;
  // Null for plain text, as in most banners: a substring search is enough.
  std::shared_ptr<const re2::RE2> regex_;
};

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_BASE_PATTERN_HPP_
