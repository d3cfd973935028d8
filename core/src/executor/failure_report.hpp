// The text of a failure: one line that sums it up, then, indented, what was run, what was waited
// for, what the last try answered, how the process ended, and its last output.
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
  std::string waited_for = {};  // empty: nothing was
  std::optional<std::chrono::milliseconds> waited = {};
  std::string last_answer = {};
  std::string hint = {};  // what the reader could do
  bool given_up = false;  // what still runs is killed next
};

// `headline` follows the executor's name.
std::string failure_report(const ExecutorImpl& executor, const std::string& headline,
                           const FailureFacts& facts = {});

// As it is run, with its placeholders filled in, fit to be pasted into a shell.
std::string command_in_words(const ExecutorImpl& executor);

// What is known of the process: "still runs (pid 42)", "exited with 3".
std::string process_in_words(const ExecutorImpl& executor);

// The lines that such a report is made of: "  label:      text".
void add_line(std::string& report, std::string_view label, std::string_view text);
// The last lines of the log, and where it is; nothing where the stream is not captured.
void add_last_lines(std::string& report, LogSource& source);

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_EXECUTOR_FAILURE_REPORT_HPP_
