#include "resources/placeholders.hpp"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace mirakuru::detail {
namespace {

bool is_placeholder(std::string_view word) {
  if (word == "port" || word == "tmpdir" || word == "name") return true;
  constexpr std::string_view kNamedPort = "port:";
  if (word.substr(0, kNamedPort.size()) != kNamedPort || word.size() == kNamedPort.size()) {
    return false;
  }
  for (const char c : word.substr(kNamedPort.size())) {
    if (!absl::ascii_isalnum(static_cast<unsigned char>(c)) && c != '_' && c != '-' && c != '.') {
      return false;
    }
  }
  return true;
}

// The word between the braces that `text` begins with, where it is a placeholder; else empty.
std::string_view placeholder_at(std::string_view text) {
  if (text.empty() || text.front() != '{') return {};
  const std::size_t end = text.find('}');
  if (end == std::string_view::npos) return {};
  const std::string_view word = text.substr(1, end - 1);
  return is_placeholder(word) ? word : std::string_view();
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
      continue;
    }
    if (const std::string_view word = placeholder_at(text.substr(1));
        text.front() == '{' && !word.empty() && text.size() > word.size() + 3 &&
        text[word.size() + 3] == '}') {
      result += text.substr(1, word.size() + 2);
      text.remove_prefix(word.size() + 4);
      continue;
    }
    result += text.front();
    text.remove_prefix(1);
  }
  return result;
}

std::string fill_in_samples(std::string_view text) {
  return fill_in(text, {[](const std::string&) { return std::string("1"); },
                        [] { return std::string("/tmp"); }, [] { return std::string("name"); }});
}

bool uses_plain_port(std::string_view text) {
  bool used = false;
  fill_in(text, {[&](const std::string& name) {
                   used = used || name.empty();
                   return std::string();
                 },
                 [] { return std::string(); }, [] { return std::string(); }});
  return used;
}

}  // namespace mirakuru::detail
