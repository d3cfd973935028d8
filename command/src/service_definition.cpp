#include "service_definition.hpp"

#include <cctype>
#include <stdexcept>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace mirakuru::command {
namespace {

bool is_name(std::string_view text) {
  if (text.empty()) return false;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_' && c != '-') return false;
  }
  return true;
}

bool is_other_service_placeholder(std::string_view what) {
  return what == "port" || what == "tmpdir" || (what.size() > 5 && what.substr(0, 5) == "port:");
}

Check make_check(const CheckDefinition& check, const Resolver& resolve) {
  std::vector<std::string> words;
  for (const std::string& word : check.words) words.push_back(resolve(word));
  return check.kind->make(resolve(check.text), words, check.options);
}

}  // namespace

CheckDefinition parse_check(std::string_view text) {
  const std::size_t colon = text.find(':');
  const bool has_value = colon != std::string_view::npos;
  CheckDefinition check;
  check.kind = find_check_kind(text.substr(0, colon));
  if (check.kind == nullptr || has_value != (check.kind->takes != CheckKind::Takes::nothing)) {
    throw std::invalid_argument(absl::StrCat(
        "'", std::string(text), "': invalid check; use one of ",
        absl::StrJoin(check_kinds(), ", ", [](std::string* out, const CheckKind& kind) {
          absl::StrAppend(out, kind.usage());
        })));
  }
  if (!has_value) return check;
  const std::string value(text.substr(colon + 1));
  if (check.kind->takes == CheckKind::Takes::words) {
    check.words = Command(value).words();
  } else {
    check.text = value;
  }
  return check;
}

std::unique_ptr<SimpleExecutor> make_executor(const ServiceDefinition& definition,
                                              const Resolver& resolve) {
  std::vector<std::string> words;
  for (const std::string& word : definition.words) words.push_back(resolve(word));
  Options options = definition.options;
  options.name = definition.name;
  for (auto& [variable, value] : options.env) value = resolve(value);
  options.cwd = resolve(options.cwd);
  Command command(std::move(words));
  if (definition.checks.empty()) {
    return std::make_unique<SimpleExecutor>(std::move(command), std::move(options));
  }
  std::vector<Check> checks;
  for (const CheckDefinition& one : definition.checks) checks.push_back(make_check(one, resolve));
  Check check = checks.size() == 1 ? checks.front() : all_of(checks);
  return std::make_unique<Executor>(std::move(command), std::move(check), std::move(options));
}

void check(const ServiceDefinition& definition) {
  if (!is_name(definition.name)) {
    throw std::invalid_argument(
        absl::StrCat("'", definition.name, "': invalid name; use letters, digits, _ and -"));
  }
  make_executor(definition, [](std::string_view text) {
    return fill_in_other_services(text, [](const std::string&, const std::string&) { return "1"; });
  });
}

std::string fill_in_other_services(
    std::string_view text,
    const std::function<std::string(const std::string& name, const std::string& what)>& value) {
  std::string result;
  while (!text.empty()) {
    const std::size_t begin = text.find('{');
    const std::size_t end = begin == std::string_view::npos ? begin : text.find('}', begin);
    if (end == std::string_view::npos) break;
    const std::string_view inner = text.substr(begin + 1, end - begin - 1);
    const std::size_t dot = inner.find('.');
    std::string replacement;
    if (dot != std::string_view::npos && is_name(inner.substr(0, dot)) &&
        is_other_service_placeholder(inner.substr(dot + 1))) {
      replacement = value(std::string(inner.substr(0, dot)), std::string(inner.substr(dot + 1)));
    }
    if (replacement.empty()) {
      result += text.substr(0, begin + 1);
      text.remove_prefix(begin + 1);
    } else {
      result += text.substr(0, begin);
      result += replacement;
      text.remove_prefix(end + 1);
    }
  }
  result += text;
  return result;
}

}  // namespace mirakuru::command
