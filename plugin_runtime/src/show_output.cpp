#include "show_output.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/log.hpp"
#include "base/text.hpp"

namespace mirakuru::detail {
namespace {

// Failures are read by people and included in reports. For longer output, there is the log.
constexpr std::size_t kMaxBytes = 16 * 1024;
constexpr std::size_t kMaxLines = 100;

}  // namespace

ShowOutput show_output() {
  const char* const variable = std::getenv("MIRAKURU_SHOW_OUTPUT");
  const std::string_view value = variable == nullptr ? "" : variable;
  if (value == "always") return ShowOutput::always;
  if (value == "never") return ShowOutput::never;
  if (!value.empty() && value != "failure") {
    static const bool warned = [&] {
      log(LogLevel::warning, absl::StrCat("invalid MIRAKURU_SHOW_OUTPUT \"", readable(value),
                                          "\": use failure, always or never"));
      return true;
    }();
    static_cast<void>(warned);
  }
  return ShowOutput::failure;
}

std::string output_since(const Output& output, std::uint64_t mark, const char* title) {
  const std::uint64_t end = output.mark();
  if (end <= mark) return {};
  // If a service printed gigabytes, only the end is read.
  const std::uint64_t begin = std::max(mark, end - std::min<std::uint64_t>(end, kMaxBytes));
  const std::string bytes = output.since(begin);
  std::string_view text = bytes;
  text = text.substr(text.size() - std::min(text.size(), kMaxBytes));
  if (begin > mark || text.size() < bytes.size()) {
    const std::size_t line = text.find('\n');
    if (line != std::string_view::npos && line + 1 < text.size()) text.remove_prefix(line + 1);
  }
  text = last_lines(text, kMaxLines);
  const std::uint64_t left_out = end - mark - std::min<std::uint64_t>(end - mark, text.size());
  return absl::StrCat(
      "  ", title,
      left_out == 0 ? "" : absl::StrCat(" (after ", left_out, " bytes that are left out)"), ":\n",
      indented(readable(text), "    "));
}

std::string printed_meanwhile(const std::string& name, const Output& out, std::uint64_t mark,
                              const Output& err, std::uint64_t err_mark) {
  const std::string printed =
      absl::StrCat(output_since(out, mark, "stdout"), output_since(err, err_mark, "stderr"));
  return printed.empty() ? "" : absl::StrCat(name, " printed meanwhile:\n", printed);
}

}  // namespace mirakuru::detail
