// Runs a program that uses one of the plugins, and reads the trace that its services wrote
// (support/obedient.hpp).
#ifndef MIRAKURU_TESTS_SUPPORT_PLUGIN_PROGRAM_HPP_
#define MIRAKURU_TESTS_SUPPORT_PLUGIN_PROGRAM_HPP_

#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "support/run_program.hpp"
#include "support/temp_dir.hpp"
#include "support/text.hpp"

namespace mirakuru::tests {

class PluginProgram {
 public:
  static std::string path_of(const std::string& name) {
    return std::string(MIRAKURU_PLUGIN_PROGRAMS_DIR) + "/" + name;
  }

  int exit_code() const { return finished_.exit_code; }
  const std::string& text() const { return finished_.text; }

  // "start Api", "stop Api", ..., written by does_as_told, in order.
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

 protected:
  // The words may refer to files in directory().
  void run(const std::vector<std::string>& words, Variables variables) {
    variables.insert({{"TRACE", trace_path_}, {"DIRECTORY", directory_.path()}});
    finished_ = RunToTheEnd(words, variables);
  }
  const TempDir& directory() const { return directory_; }

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

  TempDir directory_;
  std::string trace_path_ = directory_ / "trace";
  Finished finished_;
};

// A regular expression for the location of the statement that starts with the text. For a macro
// call of several lines, one compiler reports the first line, another one the last.
inline std::string PlaceOf(const std::string& program, const std::string& text) {
  const std::string path = "programs/" + program + ".cpp";
  const std::string source = ReadFile(std::string(MIRAKURU_PLUGIN_TESTS_DIR) + "/" + path);
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

#endif  // MIRAKURU_TESTS_SUPPORT_PLUGIN_PROGRAM_HPP_
