#include "base/pattern.hpp"

#include <re2/re2.h>

#include <stdexcept>

#include "absl/strings/str_cat.h"
#include "base/text.hpp"

namespace mirakuru::detail {

Pattern::Pattern(const std::string& expression, const std::string& where) {
  if (expression.empty()) {
    throw std::invalid_argument(absl::StrCat(where, ": the regular expression is empty"));
  }
  re2::RE2::Options options;
  options.set_log_errors(false);
  expression_ = std::make_shared<const re2::RE2>(expression, options);
  if (!expression_->ok()) {
    throw std::invalid_argument(absl::StrCat(where, ": bad regular expression '",
                                             readable(expression), "': ", expression_->error()));
  }
}

bool Pattern::found_in(std::string_view line) const {
  return re2::RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), *expression_);
}

bool Pattern::matches_all_of(std::string_view text) const {
  return re2::RE2::FullMatch(re2::StringPiece(text.data(), text.size()), *expression_);
}

const std::string& Pattern::expression() const { return expression_->pattern(); }

}  // namespace mirakuru::detail
