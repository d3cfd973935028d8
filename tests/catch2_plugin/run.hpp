// Runs one of the programs in programs/.
#ifndef MIRAKURU_TESTS_CATCH2_PLUGIN_RUN_HPP_
#define MIRAKURU_TESTS_CATCH2_PLUGIN_RUN_HPP_

#include <string>
#include <utility>
#include <vector>

#include "support/plugin_program.hpp"
#include "support/report.hpp"
#include "support/run_program.hpp"
#include "support/temp_dir.hpp"
#include "support/text.hpp"

namespace mirakuru::tests {

class ProgramRun : public PluginProgram {
 public:
  // The filter is one of Catch2: "good: *", "[tag]", several with commas.
  explicit ProgramRun(const std::string& program, const std::string& filter = "",
                      const std::vector<std::string>& arguments = {}, Variables variables = {},
                      std::string format = "xml")
      : format_(std::move(format)), report_path_(directory() / "report") {
    // stdout contains only the report.
    std::vector<std::string> words{
        "sh", "-c", "exec \"$@\" > \"$0\"", report_path_, path_of(program), "-r", format_};
    if (!filter.empty()) words.push_back(filter);
    words.insert(words.end(), arguments.begin(), arguments.end());
    run(words, std::move(variables));
  }

  // Of stderr.
  using PluginProgram::text;
  // Of stdout.
  std::string document() const { return ReadFile(report_path_); }
  Report report() const {
    return ReadReport(std::string(MIRAKURU_PLUGIN_TESTS_DIR) + "/read_report.py",
                      {format_, report_path_});
  }

 private:
  std::string format_;
  std::string report_path_;
};

}  // namespace mirakuru::tests

#endif  // MIRAKURU_TESTS_CATCH2_PLUGIN_RUN_HPP_
