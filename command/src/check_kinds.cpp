#include "check_kinds.hpp"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "mirakuru/command.hpp"

namespace mirakuru::command {
namespace {

Check http_check(const std::string& url, const CheckOptions& options) {
  HttpCheck check{url};
  if (const auto status = options.find("status"); status != options.end()) {
    check.status = status->second;
  }
  if (const auto method = options.find("method"); method != options.end()) {
    check.method = method->second;
  }
  return check;
}

}  // namespace

std::string CheckKind::usage() const {
  return absl::StrCat(name, takes == Takes::nothing ? "" : ":", metavariable);
}

const std::vector<CheckKind>& check_kinds() {
#define MIRAKURU_CHECK(name, takes, metavariable, ready_when, ...) \
  {#name, CheckKind::Takes::takes, metavariable, ready_when,       \
   []([[maybe_unused]] const std::string& text,                    \
      [[maybe_unused]] const std::vector<std::string>& words,      \
      [[maybe_unused]] const CheckOptions& options) { return Check(__VA_ARGS__); }},
#define MIRAKURU_CHECK_OPTION(check, option, metavariable, help)
  static const auto* const kinds = new std::vector<CheckKind>{
#include "check_kinds.def"
  };
#undef MIRAKURU_CHECK
#undef MIRAKURU_CHECK_OPTION
  return *kinds;
}

const std::vector<CheckOption>& check_options() {
#define MIRAKURU_CHECK(name, takes, metavariable, ready_when, ...)
#define MIRAKURU_CHECK_OPTION(check, option, metavariable, help) {#check, #option},
  static const auto* const options = new std::vector<CheckOption>{
#include "check_kinds.def"
  };
#undef MIRAKURU_CHECK
#undef MIRAKURU_CHECK_OPTION
  return *options;
}

const CheckKind* find_check_kind(std::string_view name) {
  for (const CheckKind& kind : check_kinds()) {
    if (kind.name == name) return &kind;
  }
  return nullptr;
}

std::string check_kind_names() {
  return absl::StrJoin(check_kinds(), ", ", [](std::string* out, const CheckKind& kind) {
    absl::StrAppend(out, kind.name);
  });
}

}  // namespace mirakuru::command
