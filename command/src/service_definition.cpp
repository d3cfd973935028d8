#include "service_definition.hpp"

#include <algorithm>
#include <cctype>
#include <stdexcept>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace mirakuru::command {
namespace {

const std::vector<std::string>& kinds() {
  static const auto* const names =
      new std::vector<std::string>{"tcp", "http", "output", "file", "unix", "command", "notify"};
  return *names;
}

bool is_name(std::string_view text) {
  if (text.empty()) return false;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_' && c != '-') return false;
  }
  return true;
}

bool is_told_of_others(std::string_view what) {
  return what == "port" || what == "tmpdir" || (what.size() > 5 && what.substr(0, 5) == "port:");
}

Check make_check(const Readiness& ready, const Resolver& resolve) {
  const std::string subject = resolve(ready.subject);
  if (ready.kind == "tcp") return TcpCheck{subject};
  if (ready.kind == "http") {
    HttpCheck check{subject};
    if (!ready.status.empty()) check.status = ready.status;
    if (!ready.method.empty()) check.method = ready.method;
    return check;
  }
  if (ready.kind == "output") return OutputCheck{subject};
  if (ready.kind == "file") return FileCheck{subject};
  if (ready.kind == "unix") return UnixSocketCheck{subject};
  if (ready.kind == "notify") return NotifyCheck{};
  std::vector<std::string> words;
  for (const std::string& word : ready.words) words.push_back(resolve(word));
  return CommandCheck{Command(std::move(words))};
}

}  // namespace

Readiness readiness_of(std::string_view text) {
  const std::size_t colon = text.find(':');
  Readiness ready;
  ready.kind = text.substr(0, colon);
  const bool known = std::count(kinds().begin(), kinds().end(), ready.kind) > 0;
  if (known && ready.kind == "notify" && colon == std::string_view::npos) return ready;
  if (!known || ready.kind == "notify" || colon == std::string_view::npos) {
    throw std::invalid_argument(
        absl::StrCat("'", std::string(text),
                     "' says no way to tell that a service is ready: KIND:WHAT, where KIND is ",
                     absl::StrJoin(kinds().begin(), kinds().end() - 1, ", "), "; or notify"));
  }
  ready.subject = text.substr(colon + 1);
  if (ready.kind == "command") ready.words = Command(ready.subject).words();
  return ready;
}

std::unique_ptr<SimpleExecutor> make_executor(const Definition& definition,
                                              const Resolver& resolve) {
  std::vector<std::string> words;
  for (const std::string& word : definition.words) words.push_back(resolve(word));
  Options options = definition.options;
  options.name = definition.name;
  for (auto& [variable, value] : options.env) value = resolve(value);
  options.cwd = resolve(options.cwd);
  Command command(std::move(words));
  if (definition.ready.empty()) {
    return std::make_unique<SimpleExecutor>(std::move(command), std::move(options));
  }
  std::vector<Check> checks;
  for (const Readiness& ready : definition.ready) checks.push_back(make_check(ready, resolve));
  Check check = checks.size() == 1 ? checks.front() : all_of(checks);
  return std::make_unique<Executor>(std::move(command), std::move(check), std::move(options));
}

void check(const Definition& definition) {
  if (!is_name(definition.name)) {
    throw std::invalid_argument(
        absl::StrCat("'", definition.name, "' is no name: letters, digits, _ and - make one"));
  }
  make_executor(definition, [](std::string_view text) {
    return fill_in_of_others(text, [](const std::string&, const std::string&) { return "1"; });
  });
}

std::string fill_in_of_others(
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
        is_told_of_others(inner.substr(dot + 1))) {
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
