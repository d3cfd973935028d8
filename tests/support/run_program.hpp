// Runs a program to its end, and returns what it printed.
#ifndef MIRAKURU_TESTS_SUPPORT_RUN_PROGRAM_HPP_
#define MIRAKURU_TESTS_SUPPORT_RUN_PROGRAM_HPP_

#include <sys/wait.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "support/child_program.hpp"
#include "support/environment.hpp"

namespace mirakuru::tests {

using Variables = std::map<std::string, std::string>;

// ctest takes a test with this text in its output for skipped, including these tests. So it is
// replaced by "<SKIPPED>" in a program's output.
inline std::string WithoutSkipMark(std::string text) {
  const std::string mark = std::string("[  ") + "SKIPPED ]";
  for (std::size_t at = 0; (at = text.find(mark, at)) != std::string::npos;) {
    text.replace(at, mark.size(), "<SKIPPED>");
  }
  return text;
}

struct Finished {
  int exit_code = 0;  // or minus the signal that ended it
  std::string text;   // stdout and stderr
};

inline Finished RunToTheEnd(std::vector<std::string> words, const Variables& variables = {}) {
  std::vector<std::unique_ptr<ScopedVariable>> scoped;
  for (const auto& [name, value] : variables) {
    scoped.push_back(std::make_unique<ScopedVariable>(name, value));
  }
  ChildProgram program(std::move(words));
  const int status = program.wait_for_end();
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status),
          WithoutSkipMark(program.text())};
}

}  // namespace mirakuru::tests

#endif  // MIRAKURU_TESTS_SUPPORT_RUN_PROGRAM_HPP_
