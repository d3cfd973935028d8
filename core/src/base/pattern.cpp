#include "base/pattern.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "absl/strings/str_cat.h"
#include "base/text.hpp"

namespace mirakuru::detail {

namespace {

bool is_plain(const std::string& expression) {
  return std::all_of(expression.begin(), expression.end(), [](char c) {
    return c >= ' ' && c <= '~' && std::strchr("\\^$.|?*+()[]{}", c) == nullptr;
  });
}

}  // namespace

Pattern::Pattern(const std::string& expression, const std::string& where)
    : expression_(expression) {
  if (expression.empty()) {
    throw std::invalid_argument(absl::StrCat(where, ": the regular expression is empty"));
  }
  if (is_plain(expression)) return;
  re2::RE2::Options options;
  options.set_log_errors(false);
  regex_ = std::make_shared<const re2::RE2>(expression, options);
  if (!regex_->ok()) {
    throw std::invalid_argument(absl::StrCat(where, ": bad regular expression '",
                                             readable(expression), "': ", regex_->error()));
  }
}

bool Pattern::found_in(std::string_view line) const {
  if (regex_ == nullptr) return line.find(expression_) != std::string_view::npos;
  return re2::RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), *regex_);
}

bool Pattern::matches_all_of(std::string_view text) const {
  if (regex_ == nullptr) return text == expression_;
  return re2::RE2::FullMatch(re2::StringPiece(text.data(), text.size()), *regex_);
}

}  // namespace mirakuru::detail
