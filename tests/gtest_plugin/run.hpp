// Runs one of the programs of programs/, and reads what it says on the console and in its reports.
#ifndef MIRAKURU_TESTS_GTEST_PLUGIN_RUN_HPP_
#define MIRAKURU_TESTS_GTEST_PLUGIN_RUN_HPP_

#include <sys/wait.h>

#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "support/child_program.hpp"
#include "support/environment.hpp"
#include "support/temp_dir.hpp"

namespace mirakuru::tests {

using Variables = std::map<std::string, std::string>;

// By this ctest takes a test for skipped, these tests too: it must not stand in what they print.
// Where it was in a program's output, "<SKIPPED>" is.
inline std::string WithoutSkipMark(std::string text) {
  const std::string mark = std::string("[  ") + "SKIPPED ]";
  for (std::size_t at = 0; (at = text.find(mark, at)) != std::string::npos;) {
    text.replace(at, mark.size(), "<SKIPPED>");
  }
  return text;
}

struct Finished {
  int exit_code = 0;  // minus the signal where one ended it
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

// What an XML or JSON report says.
struct Report {
  std::map<std::string, std::vector<std::string>> failures;  // of a test, in order
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

// Throws where the file is no well-formed report.
inline Report ReadReport(const std::string& path) {
  const Finished reader = RunToTheEnd(
      {MIRAKURU_PYTHON, std::string(MIRAKURU_GTEST_PLUGIN_TESTS_DIR) + "/read_report.py", path});
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

class ProgramRun {
 public:
  explicit ProgramRun(const std::string& program, const std::string& filter = "*",
                      const std::vector<std::string>& arguments = {}, Variables variables = {},
                      const std::string& format = "xml")
      : report_path_(folder_ / ("report." + format)), trace_path_(folder_ / "trace") {
    std::vector<std::string> words{path_of(program), "--gtest_filter=" + filter,
                                   "--gtest_output=" + format + ":" + report_path_};
    words.insert(words.end(), arguments.begin(), arguments.end());
    variables.insert({{"TRACE", trace_path_}, {"FOLDER", folder_.path()}});
    finished_ = RunToTheEnd(words, variables);
  }

  static std::string path_of(const std::string& name) {
    return std::string(MIRAKURU_GTEST_PROGRAMS_DIR) + "/" + name;
  }

  int exit_code() const { return finished_.exit_code; }
  const std::string& text() const { return finished_.text; }
  Report report() const { return ReadReport(report_path_); }

  // "start Api", "stop Api", ... of does_as_told, in order.
  std::vector<std::string> trace() const {
    std::vector<std::string> result;
    for (const auto& [event, pid] : events()) result.push_back(event);
    return result;
  }
  std::vector<int> pids_of(const std::string& wanted) const {
    std::vector<int> pids;
    for (const auto& [event, pid] : events()) {
      if (event == wanted) pids.push_back(pid);
    }
    return pids;
  }

 private:
  std::vector<std::pair<std::string, int>> events() const {
    std::vector<std::pair<std::string, int>> result;
    std::istringstream trace(ReadFile(trace_path_));
    std::string what;
    std::string name;
    for (int pid = 0; trace >> what >> name >> pid;) {
      what += " ";
      what += name;
      result.emplace_back(what, pid);
    }
    return result;
  }

  TempDir folder_;
  std::string report_path_;
  std::string trace_path_;
  Finished finished_;
};

inline int Count(const std::string& text, const std::string& wanted) {
  int count = 0;
  for (std::size_t at = 0; (at = text.find(wanted, at)) != std::string::npos; at += wanted.size()) {
    ++count;
  }
  return count;
}

inline int LineCount(const std::string& text) { return Count(text, "\n") + 1; }

// An expression for the place of the statement that begins with the text: for a macro of several
// lines one compiler says the first line, another one the last.
inline std::string PlaceOf(const std::string& program, const std::string& text) {
  const std::string path = "programs/" + program + ".cpp";
  const std::string source = ReadFile(std::string(MIRAKURU_GTEST_PLUGIN_TESTS_DIR) + "/" + path);
  const std::size_t begin = source.find(text);
  if (begin == std::string::npos) throw std::runtime_error(path + " has no " + text);
  const std::size_t end = source.find(");\n", begin);
  const int last = LineCount(source.substr(0, end));
  std::string lines;
  for (int line = LineCount(source.substr(0, begin)); line <= last; ++line) {
    if (!lines.empty()) lines += '|';
    lines += std::to_string(line);
  }
  return path + ":(" + lines + ")[^0-9]";
}

}  // namespace mirakuru::tests

#endif  // MIRAKURU_TESTS_GTEST_PLUGIN_RUN_HPP_
