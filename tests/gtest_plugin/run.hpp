// Runs one of the programs in programs/.
#ifndef MIRAKURU_TESTS_GTEST_PLUGIN_RUN_HPP_
#define MIRAKURU_TESTS_GTEST_PLUGIN_RUN_HPP_

#include <string>
#include <utility>
#include <vector>

#include "support/plugin_program.hpp"
#include "support/report.hpp"
#include "support/run_program.hpp"
#include "support/text.hpp"

namespace mirakuru::tests {

class ProgramRun : public PluginProgram {
 public:
  explicit ProgramRun(const std::string& program, const std::string& filter = "*",
                      const std::vector<std::string>& arguments = {}, Variables variables = {},
                      const std::string& format = "xml")
      : report_path_(directory() / ("report." + format)) {
    std::vector<std::string> words{path_of(program), "--gtest_filter=" + filter,
                                   "--gtest_output=" + format + ":" + report_path_};
    words.insert(words.end(), arguments.begin(), arguments.end());
    run(words, std::move(variables));
  }

  Report report() const {
    return ReadReport(std::string(MIRAKURU_PLUGIN_TESTS_DIR) + "/read_report.py", {report_path_});
  }

 private:
  std::string report_path_;
};

}  // namespace mirakuru::tests

#endif  // MIRAKURU_TESTS_GTEST_PLUGIN_RUN_HPP_
