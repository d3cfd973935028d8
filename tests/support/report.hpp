// The contents of a test framework's report.
#ifndef MIRAKURU_TESTS_SUPPORT_REPORT_HPP_
#define MIRAKURU_TESTS_SUPPORT_REPORT_HPP_

#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/run_program.hpp"

namespace mirakuru::tests {

struct Report {
  std::map<std::string, std::vector<std::string>> failures;  // by test, in order
  std::vector<std::string> failed;
  std::vector<std::string> passed;
  std::vector<std::string> skipped;
};

inline std::string Unescaped(const std::string& text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      result += text[i];
      continue;
    }
    const char c = text[++i];
    result += c == 'n' ? '\n' : c == 't' ? '\t' : c;
  }
  return result;
}

// Parses a report with the script, which knows the format and prints a line for each fact. Throws
// if the report is not well-formed.
inline Report ReadReport(const std::string& script, const std::vector<std::string>& arguments) {
  std::vector<std::string> words{MIRAKURU_PYTHON, "-B", script};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const Finished reader = RunToTheEnd(words);
  if (reader.exit_code != 0) throw std::runtime_error(reader.text);
  Report report;
  std::istringstream lines(reader.text);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t first = line.find('\t');
    const std::size_t second = line.find('\t', first + 1);
    const std::string fact = line.substr(0, first);
    const std::string test = line.substr(first + 1, second - first - 1);
    if (fact == "passed") report.passed.push_back(test);
    if (fact == "skipped") report.skipped.push_back(test);
    if (fact == "difference") throw std::runtime_error("message and text differ: " + line);
    if (fact == "failure") {
      if (report.failures[test].empty()) report.failed.push_back(test);
      report.failures[test].push_back(Unescaped(line.substr(second + 1)));
    }
  }
  return report;
}

}  // namespace mirakuru::tests

#endif  // MIRAKURU_TESTS_SUPPORT_REPORT_HPP_
