// A project of a test's own, configured by cmake and run by ctest.
#ifndef MIRAKURU_TESTS_SUPPORT_SCRATCH_PROJECT_HPP_
#define MIRAKURU_TESTS_SUPPORT_SCRATCH_PROJECT_HPP_

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "support/run_program.hpp"
#include "support/temp_dir.hpp"

namespace mirakuru::tests {

class ScratchProject {
 public:
  explicit ScratchProject(std::string languages = "NONE") : languages_(std::move(languages)) {}

  // What ctest says of the project with these commands, once it is built. The services of
  // support/obedient.hpp leave their trace in it. Throws where it cannot be built.
  Finished run_ctest(const std::string& commands, Variables variables = {}) {
    WriteFile(folder_ / "CMakeLists.txt",
              "cmake_minimum_required(VERSION 3.22)\n"
              "project(scratch LANGUAGES " +
                  languages_ + ")\ninclude(CTest)\n" + commands);
    const std::string build = folder_ / "build";
    variables.insert({{"TRACE", folder_ / "trace"}, {"FOLDER", folder_.path()}});
    succeed({MIRAKURU_CMAKE, "-G", MIRAKURU_GENERATOR, "-S", folder_.path(), "-B", build},
            variables);
    succeed({MIRAKURU_CMAKE, "--build", build}, variables);
    return RunToTheEnd({MIRAKURU_CTEST, "--test-dir", build, "--output-on-failure"}, variables);
  }

  void write(const std::string& name, const std::string& text) { WriteFile(folder_ / name, text); }
  std::string trace() const { return ReadFile(folder_ / "trace"); }

 private:
  static void succeed(const std::vector<std::string>& words, const Variables& variables) {
    const Finished finished = RunToTheEnd(words, variables);
    if (finished.exit_code != 0) throw std::runtime_error(finished.text);
  }

  std::string languages_;
  TempDir folder_;
};

}  // namespace mirakuru::tests

#endif  // MIRAKURU_TESTS_SUPPORT_SCRATCH_PROJECT_HPP_
