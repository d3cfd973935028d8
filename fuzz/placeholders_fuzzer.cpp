// Placeholders in texts, against what the documentation says of them, put as regular expressions.
#include <re2/re2.h>

#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz.hpp"
#include "resources/placeholders.hpp"
#include "service_definition.hpp"

namespace mirakuru::fuzz {
namespace {

const RE2& expression(const char* text) {
  return *new RE2(text, RE2::Latin1);  // any byte is a character
}

// Replaces every match from left to right. `value` gets the groups; if it returns none, the first
// character of the match stays, and the rest is looked at again.
using Groups = std::vector<std::string>;
std::string replaced(std::string_view text, const RE2& expression,
                     const std::function<std::optional<std::string>(const Groups&)>& value) {
  std::string result;
  while (true) {
    re2::StringPiece groups[4];
    const re2::StringPiece piece(text.data(), text.size());
    const int count = 1 + expression.NumberOfCapturingGroups();
    if (!expression.Match(piece, 0, piece.size(), RE2::UNANCHORED, groups, count)) break;
    const auto begin = static_cast<std::size_t>(groups[0].data() - text.data());
    result += text.substr(0, begin);
    Groups texts;
    for (int i = 1; i < count; ++i) texts.emplace_back(groups[i].data(), groups[i].size());
    if (const auto replacement = value(texts)) {
      result += *replacement;
      text.remove_prefix(begin + groups[0].size());
    } else {
      result += text[begin];
      text.remove_prefix(begin + 1);
    }
  }
  return result + std::string(text);
}

std::string value_of(const std::string& placeholder) { return "<" + placeholder + ">"; }

// Which names are misspellings is tested in placeholders_test.cpp.
bool is_misspelled(const std::string& in_braces) {
  try {
    detail::refuse_misspelled_placeholders(in_braces, "");
    return false;
  } catch (const std::invalid_argument&) {
    return true;
  }
}

void fill_in(std::string_view text) {
  static const RE2& filled_in = expression(
      R"(\{(\{(?:port(?::[A-Za-z0-9_.-]+)?|tmpdir|name)\})\}|\{(port(?::[A-Za-z0-9_.-]+)?|tmpdir|name)\}|\{(\{[^{}]*\})\})");
  bool plain_port = false;
  const std::string expected =
      replaced(text, filled_in, [&](const Groups& groups) -> std::optional<std::string> {
        const std::string& literal = groups[0];
        const std::string& placeholder = groups[1];
        const std::string& doubled = groups[2];
        if (!doubled.empty()) {
          return is_misspelled(doubled) ? std::optional(doubled) : std::nullopt;
        }
        plain_port = plain_port || placeholder == "port";
        return literal.empty() ? value_of(placeholder) : literal;
      });
  const std::string result = detail::fill_in(
      text,
      {[](const std::string& name) { return value_of(name.empty() ? "port" : "port:" + name); },
       [] { return value_of("tmpdir"); }, [] { return value_of("name"); }});
  require(result == expected, "filled in is '" + result + "', not '" + expected + "'");
  require((detail::port_names_in(text).count("") > 0) == plain_port, "whether it uses {port}");
  require(detail::fill_in(detail::as_literal(text), {}) == text, "as a literal it stays as it is");
}

void fill_in_other_services(std::string_view text) {
  static const RE2& filled_in = expression(R"(\{([A-Za-z0-9_-]+)\.(port(?::[^}]+)?|tmpdir)\})");
  // Some are known, some are not.
  const auto known = [](const std::string& name, const std::string& what) {
    return name.size() % 2 == 0 ? "" : "<" + name + " " + what + ">";
  };
  const std::string expected =
      replaced(text, filled_in, [&](const Groups& groups) -> std::optional<std::string> {
        const std::string value = known(groups[0], groups[1]);
        if (value.empty()) return std::nullopt;
        return value;
      });
  const std::string result = command::fill_in_other_services(text, known);
  require(result == expected, "of others is '" + result + "', not '" + expected + "'");
}

}  // namespace
}  // namespace mirakuru::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  mirakuru::fuzz::fill_in(text);
  mirakuru::fuzz::fill_in_other_services(text);
  return 0;
}
