// The text of a failure: a one-line summary, then, indented, what was run, what was waited for, the
// result of the last try, how the process ended, and its last output.
#ifndef MIRAKURU_CORE_SRC_EXECUTOR_FAILURE_REPORT_HPP_
#define MIRAKURU_CORE_SRC_EXECUTOR_FAILURE_REPORT_HPP_

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "executor/executor_impl.hpp"
#include "output/log_source.hpp"

namespace mirakuru::detail {

struct FailureFacts {
  std::string waited_for = {};  // empty if there was nothing to wait for
  std::optional<std::chrono::milliseconds> waited = {};
  std::string last_answer = {};
  std::string hint = {};  // a suggestion for the reader
  bool given_up = false;  // a process that still runs is killed next
};

// `headline` comes after the executor's name.
std::string failure_report(const ExecutorImpl& executor, const std::string& headline,
                           const FailureFacts& facts = {});

// As it is run, with placeholders filled in, ready to be pasted into a shell.
std::string command_in_words(const ExecutorImpl& executor);

// The state of the process: "still runs (pid 42)", "exited with 3".
std::string process_in_words(const ExecutorImpl& executor);

// Adds one line of a report: "  label:      text".
void add_line(std::string& report, std::string_view label, std::string_view text);
// Adds the last lines of the log, and its path; nothing if the stream is not captured.
void add_last_lines(std::string& report, LogSource& source);

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_EXECUTOR_FAILURE_REPORT_HPP_
