#include "resources/placeholders.hpp"

#include <algorithm>
#include <stdexcept>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/text.hpp"

namespace mirakuru::detail {
namespace {

constexpr std::string_view kPort = "port";
constexpr std::string_view kWords[] = {kPort, "tmpdir", "name"};

bool is_name_of_port(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' || c == '.';
  });
}

bool is_placeholder(std::string_view word) {
  if (std::find(std::begin(kWords), std::end(kWords), word) != std::end(kWords)) return true;
  return word.size() > kPort.size() && word.substr(0, kPort.size()) == kPort &&
         word[kPort.size()] == ':' && is_name_of_port(word.substr(kPort.size() + 1));
}

// Whether `longer` is `shorter` with one more letter.
bool has_one_letter_more(std::string_view longer, std::string_view shorter) {
  if (longer.size() != shorter.size() + 1) return false;
  const auto differ = std::mismatch(shorter.begin(), shorter.end(), longer.begin());
  return std::equal(differ.first, shorter.end(), differ.second + 1);
}

bool has_two_letters_swapped(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  const auto differ = std::mismatch(a.begin(), a.end(), b.begin());
  if (a.end() - differ.first < 2) return false;
  return differ.first[0] == differ.second[1] && differ.first[1] == differ.second[0] &&
         std::equal(differ.first + 2, a.end(), differ.second + 2);
}

// A replaced letter does not count: {post} and {sort} are probably words of the user's.
bool is_misspelling_of(std::string_view right, const std::string& word) {
  const std::string lower = absl::AsciiStrToLower(word);
  return lower == right || has_one_letter_more(lower, right) || has_one_letter_more(right, lower) ||
         has_two_letters_swapped(lower, right);
}

// The placeholder that `word` is a misspelling of; empty if it is correct, or resembles none.
std::string meant_by(std::string_view word) {
  if (word.empty() || is_placeholder(word)) return "";
  const bool plain = std::all_of(word.begin(), word.end(), [](char c) {
    return absl::ascii_isalpha(static_cast<unsigned char>(c)) || c == '_' || c == '-';
  });
  if (plain) {
    for (const std::string_view right : kWords) {
      if (is_misspelling_of(right, std::string(word))) return std::string(right);
    }
  }
  // A named port: {prot:admin}, {port_admin}, {port.admin}.
  const std::size_t separator = word.find_first_of(":_-.");
  if (separator == std::string_view::npos || !is_name_of_port(word.substr(separator + 1)))
    return "";
  const std::string before(word.substr(0, separator));
  const bool is_port = word[separator] == ':' ? is_misspelling_of(kPort, before) : before == kPort;
  return is_port ? absl::StrCat("port:", std::string(word.substr(separator + 1))) : "";
}

// The word in the braces at the start of `text`; empty if there is none.
std::string_view word_in_braces(std::string_view text) {
  if (text.empty() || text.front() != '{') return {};
  const std::size_t end = text.find_first_of("{}", 1);
  const bool is_closed = end != std::string_view::npos && text[end] == '}';
  return is_closed ? text.substr(1, end - 1) : std::string_view();
}

// The characters from the start of `text` to the next brace that may open a placeholder: a text
// may be of megabytes.
std::size_t size_before_brace(std::string_view text) {
  return std::min(text.find('{', 1), text.size());
}

std::string_view placeholder_at(std::string_view text) {
  const std::string_view word = word_in_braces(text);
  return is_placeholder(word) ? word : std::string_view();
}

// The word of {{word}}, if it would be a placeholder, or a misspelled one, in single braces.
std::string_view literal_at(std::string_view text) {
  if (text.empty() || text.front() != '{') return {};
  const std::string_view word = word_in_braces(text.substr(1));
  const std::size_t end = word.size() + 3;
  const bool is_doubled = !word.empty() && text.size() > end && text[end] == '}';
  return is_doubled && (is_placeholder(word) || !meant_by(word).empty()) ? word
                                                                         : std::string_view();
}

std::string value_of(std::string_view word, const PlaceholderSource& values) {
  if (word == "tmpdir") return values.tmpdir();
  if (word == "name") return values.name();
  const std::size_t colon = word.find(':');
  return values.port(colon == std::string_view::npos ? "" : std::string(word.substr(colon + 1)));
}

}  // namespace

std::string fill_in(std::string_view text, const PlaceholderSource& values) {
  std::string result;
  while (!text.empty()) {
    if (const std::string_view word = placeholder_at(text); !word.empty()) {
      result += value_of(word, values);
      text.remove_prefix(word.size() + 2);
    } else if (const std::string_view literal = literal_at(text); !literal.empty()) {
      result += text.substr(1, literal.size() + 2);
      text.remove_prefix(literal.size() + 4);
    } else {
      const std::size_t size = size_before_brace(text);
      result += text.substr(0, size);
      text.remove_prefix(size);
    }
  }
  return result;
}

std::string as_literal(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::string_view word = word_in_braces(text);
    const bool is_special = is_placeholder(word) || !meant_by(word).empty();
    const std::size_t size = is_special ? word.size() + 2 : size_before_brace(text);
    absl::StrAppend(&result, is_special ? "{" : "", std::string(text.substr(0, size)),
                    is_special ? "}" : "");
    text.remove_prefix(size);
  }
  return result;
}

std::string fill_in_samples(std::string_view text) {
  return fill_in(text, {[](const std::string&) { return std::string("1"); },
                        [] { return std::string("/tmp"); }, [] { return std::string("name"); }});
}

std::set<std::string> port_names_in(std::string_view text) {
  std::set<std::string> names;
  fill_in(text, {[&](const std::string& name) {
                   names.insert(name);
                   return std::string();
                 },
                 [] { return std::string(); }, [] { return std::string(); }});
  return names;
}

void refuse_misspelled_placeholders(std::string_view text, const std::string& where) {
  char before = '\0';
  while (!text.empty()) {
    std::size_t size = size_before_brace(text);
    if (const std::string_view literal = literal_at(text); !literal.empty()) {
      size = literal.size() + 4;
    } else if (const std::string meant = meant_by(word_in_braces(text));
               !meant.empty() && before != '$') {
      const std::string word = readable(word_in_braces(text));
      throw std::invalid_argument(absl::StrCat(where, ": there is no placeholder {", word,
                                               "}; did you mean {", meant, "}? ({{", word,
                                               "}} is a literal {", word, "})"));
    }
    before = text[size - 1];
    text.remove_prefix(size);
  }
}

}  // namespace mirakuru::detail
