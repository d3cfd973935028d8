#include "executor/failure_report.hpp"

#include <algorithm>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/text.hpp"
#include "resources/directory.hpp"

namespace mirakuru::detail {
namespace {

constexpr std::size_t kLines = 20;
constexpr std::size_t kShownOfLine = 400;

void add(std::string& text, std::string_view label, std::string_view what) {
  absl::StrAppendFormat(&text, "  %-12s%s\n", std::string(label) + ":", std::string(what));
}

std::string shortened(std::string_view lines) {
  std::string result;
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    result += readable(line.substr(0, kShownOfLine));
    if (line.size() > kShownOfLine) {
      absl::StrAppend(&result, " [", line.size() - kShownOfLine, " more bytes]");
    }
    result += '\n';
    lines.remove_prefix(std::min(lines.size(), line.size() + 1));
  }
  return result;
}

void add_stream(std::string& text, const ExecutorState& executor, int number) {
  ExecutorState::CapturedStream& stream = executor.stream(number);
  if (stream.log.path().empty()) return;
  const std::string label = number == 1 ? "stdout" : "stderr";
  const std::string tail = stream.log.tail(stream.begin, kLines);
  if (tail.empty()) {
    add(text, label, "nothing");
  } else {
    add(text, label, absl::StrCat("the last lines, of all in ", stream.log.path()));
    text += indented(shortened(tail), "    | ");
  }
  const ServiceProcess* process = executor.process();
  const int error =
      process == nullptr ? 0 : process->log_error(static_cast<OutputStream>(number - 1));
  if (error != 0) {
    add(text, "lost",
        absl::StrCat("some of its ", label, " could not be written: ", errno_in_words(error)));
  }
}

}  // namespace

std::string process_in_words(const ExecutorState& executor) {
  const ServiceProcess* process = executor.process();
  if (process == nullptr) return "was not started";
  if (process->lost()) return "lost: " + process->loss_in_words();
  if (!process->main_status()) return absl::StrCat("still runs (pid ", process->pid(), ")");
  std::string text =
      absl::StrCat(process->main_status()->to_string(), " (pid ", process->pid(), ")");
  if (process->left_others()) {
    absl::StrAppend(&text, process->all_ended() ? "; the processes that it left behind ended too"
                                                : "; processes that it left behind still run");
  }
  return text;
}

std::string failure_report(const ExecutorState& executor, const std::string& headline,
                           const FailureFacts& facts) {
  std::string text = absl::StrCat(executor.name(), ": ", headline, "\n");
  add(text, "command", executor.command_in_words());
  if (!executor.options().cwd.empty()) {
    add(text, "directory", readable(executor.expand(executor.options().cwd)));
  }
  if (!facts.waited_for.empty()) {
    add(text, "waited for",
        absl::StrCat(facts.waited_for,
                     facts.waited ? absl::StrCat(", for ", in_words(*facts.waited)) : ""));
  }
  if (!facts.last_answer.empty()) add(text, "last try", facts.last_answer);
  if (executor.process() != nullptr) {
    add(text, "process",
        facts.given_up && !executor.process()->main_status()
            ? absl::StrCat("was still running (pid ", executor.process()->pid(),
                           "), and was killed")
            : process_in_words(executor));
    add_stream(text, executor, 1);
    add_stream(text, executor, 2);
    if (!keep_directories()) add(text, "logs", "MIRAKURU_KEEP=1 keeps them after the run");
  }
  if (!facts.hint.empty()) add(text, "hint", facts.hint);
  text.pop_back();
  return text;
}

}  // namespace mirakuru::detail
