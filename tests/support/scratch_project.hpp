// A temporary project, configured by cmake and tested by ctest.
#ifndef MIRAKURU_TESTS_SUPPORT_SCRATCH_PROJECT_HPP_
#define MIRAKURU_TESTS_SUPPORT_SCRATCH_PROJECT_HPP_

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "support/child_program.hpp"
#include "support/run_program.hpp"
#include "support/temp_dir.hpp"

namespace mirakuru::tests {

class ScratchProject {
 public:
  explicit ScratchProject(std::string languages = "NONE") : languages_(std::move(languages)) {}

  // The result of cmake for a project with these commands. The commands and the tests find the
  // project's directory in $ENV{DIRECTORY}, and the trace file of the services of
  // support/obedient.hpp in $ENV{TRACE}.
  Finished configure(const std::string& commands, const Variables& variables = {}) {
    WriteFile(directory_ / "CMakeLists.txt",
              "cmake_minimum_required(VERSION 3.22)\n"
              "project(scratch LANGUAGES " +
                  languages_ + ")\ninclude(CTest)\n" + commands);
    return RunToTheEnd({MIRAKURU_CMAKE, "-S", directory_.path(), "-B", build_directory()},
                       with_own(variables));
  }

  // Throws if it cannot be built.
  void build(const std::string& commands, const Variables& variables = {}) {
    succeed(configure(commands, variables));
    succeed(RunToTheEnd({MIRAKURU_CMAKE, "--build", build_directory()}, with_own(variables)));
  }

  // The result of ctest.
  Finished ctest(const std::vector<std::string>& arguments = {}, const Variables& variables = {}) {
    return RunToTheEnd(ctest_words(arguments), with_own(variables));
  }
  // ctest, still running.
  std::unique_ptr<ChildProgram> start_ctest(const std::vector<std::string>& arguments = {}) {
    const ScopedVariable trace("TRACE", directory_ / "trace");
    const ScopedVariable directory("DIRECTORY", directory_.path());
    return std::make_unique<ChildProgram>(ctest_words(arguments));
  }

  // All of these steps. Throws if it cannot be built.
  Finished run_ctest(const std::string& commands, const Variables& variables = {}) {
    build(commands, variables);
    return ctest({}, variables);
  }

  // A mark (see leftovers.hpp): it is in the command lines of all processes that get the directory.
  const std::string& path() const { return directory_.path(); }
  std::string operator/(const std::string& name) const { return directory_ / name; }
  std::string build_directory() const { return directory_ / "build tree"; }
  void write(const std::string& name, const std::string& text) {
    WriteFile(directory_ / name, text);
  }
  std::string read(const std::string& name) const { return ReadFile(directory_ / name); }
  std::string trace() const { return read("trace"); }

 private:
  Variables with_own(Variables variables) const {
    variables.insert({{"TRACE", directory_ / "trace"},
                      {"DIRECTORY", directory_.path()},
                      {"CMAKE_GENERATOR", MIRAKURU_GENERATOR}});
    return variables;
  }

  // By default one test after the other, whatever CTEST_PARALLEL_LEVEL is for the outer ctest.
  std::vector<std::string> ctest_words(const std::vector<std::string>& arguments) const {
    std::vector<std::string> words{MIRAKURU_CTEST, "--test-dir", build_directory(),
                                   "--output-on-failure", "-j1"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return words;
  }

  static void succeed(const Finished& finished) {
    if (finished.exit_code != 0) throw std::runtime_error(finished.text);
  }

  std::string languages_;
  TempDir directory_;
};

}  // namespace mirakuru::tests

#endif  // MIRAKURU_TESTS_SUPPORT_SCRATCH_PROJECT_HPP_
