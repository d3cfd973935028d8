// A regular expression. RE2: its time grows with the text only, and it needs no stack, so that no
// output of a service can hang or crash the test program.
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
  // `where` says in the std::invalid_argument whose expression it is ("OutputCheck::banner").
  Pattern(const std::string& expression, const std::string& where);

  bool found_in(std::string_view line) const;
  bool matches_all_of(std::string_view text) const;
  const std::string& expression() const { return expression_; }

 private:
  std::string expression_;
  // None for plain words, which most banners are: to look for these takes no machine.
  std::shared_ptr<const re2::RE2> regex_;
};

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_BASE_PATTERN_HPP_
