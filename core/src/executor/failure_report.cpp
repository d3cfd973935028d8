#include "executor/failure_report.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/text.hpp"
#include "resources/directory.hpp"

namespace mirakuru::detail {
namespace {

constexpr std::size_t kLines = 20;
constexpr std::size_t kShownOfLine = 400;
// A whole command line can be pasted into a shell. Longer ones hold data.
constexpr std::size_t kShownOfCommand = 16 * 1024;

std::string beginning_of(std::string_view text, std::size_t size) {
  std::string result = readable(text.substr(0, size));
  if (text.size() > size) absl::StrAppend(&result, " [", text.size() - size, " more bytes]");
  return result;
}

std::string beginnings_of(std::string_view lines) {
  std::string result;
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    absl::StrAppend(&result, beginning_of(line, kShownOfLine), "\n");
    lines.remove_prefix(std::min(lines.size(), line.size() + 1));
  }
  return result;
}

}  // namespace

void add_line(std::string& report, std::string_view label, std::string_view text) {
  absl::StrAppendFormat(&report, "  %-12s%s\n", std::string(label) + ":", std::string(text));
}

void add_last_lines(std::string& report, LogSource& source) {
  LogReader& log = source.log();
  if (log.path().empty()) return;
  const char* const label = to_string(source.stream());
  const std::string tail = log.tail(source.begin(), kLines);
  if (source.is_deleted()) {
    add_line(report, label, absl::StrCat("lost: its log was deleted: ", log.path()));
  } else if (tail.empty()) {
    add_line(report, label, "nothing");
  } else {
    add_line(report, label, absl::StrCat("the last lines; all of it is in ", log.path()));
    report += indented(beginnings_of(tail), "    | ");
  }
}

std::string command_in_words(const ExecutorImpl& executor) {
  std::vector<std::string> words;
  for (const std::string& word : executor.command().words()) words.push_back(executor.expand(word));
  return beginning_of(shell_quoted(words), kShownOfCommand);
}

std::string process_in_words(const ExecutorImpl& executor) {
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

std::string failure_report(const ExecutorImpl& executor, const std::string& headline,
                           const FailureFacts& facts) {
  std::string text = absl::StrCat(executor.name(), ": ", headline, "\n");
  add_line(text, "command", command_in_words(executor));
  if (!executor.options().cwd.empty()) {
    add_line(text, "cwd", readable(executor.expand(executor.options().cwd)));
  }
  if (!facts.waited_for.empty()) {
    add_line(text, "waited for",
             absl::StrCat(facts.waited_for,
                          facts.waited ? absl::StrCat(", for ", in_words(*facts.waited)) : ""));
  }
  if (!facts.last_answer.empty()) add_line(text, "last try", facts.last_answer);
  if (executor.process() != nullptr) {
    add_line(text, "process",
             facts.given_up && !executor.process()->main_status()
                 ? absl::StrCat("was still running (pid ", executor.process()->pid(),
                                "), and was killed")
                 : process_in_words(executor));
    for (const OutputStream stream : kOutputStreams) {
      add_last_lines(text, executor.log(stream));
      if (const int error = executor.log_error(stream); error != 0) {
        add_line(text, "lost",
                 absl::StrCat("some of its ", to_string(stream),
                              " could not be written: ", errno_in_words(error)));
      }
    }
    if (!keep_directories()) add_line(text, "logs", "MIRAKURU_KEEP=1 keeps them after the run");
  }
  if (!facts.hint.empty()) add_line(text, "hint", facts.hint);
  text.pop_back();
  return text;
}

}  // namespace mirakuru::detail
