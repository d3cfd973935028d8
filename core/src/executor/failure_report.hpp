// The text of a failure: one line that sums it up, then, indented, what was run, what was waited
// for, what the last try said, how the process ended, and its last output.
#ifndef MIRAKURU_CORE_SRC_EXECUTOR_STORY_HPP_
#define MIRAKURU_CORE_SRC_EXECUTOR_STORY_HPP_

#include <chrono>
#include <optional>
#include <string>

#include "executor/executor_state.hpp"

namespace mirakuru::detail {

struct FailureFacts {
  std::string waited_for = {};  // empty: nothing was
  std::optional<std::chrono::milliseconds> waited = {};
  std::string last_answer = {};
  std::string hint = {};  // what the reader could do
  bool given_up = false;  // what still runs is killed when the story is told
};

// `headline` follows the executor's name.
std::string failure_report(const ExecutorState& executor, const std::string& headline,
                           const FailureFacts& facts = {});

// What is known of the process: "still runs (pid 42)", "exited with 3".
std::string process_in_words(const ExecutorState& executor);

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_EXECUTOR_STORY_HPP_
