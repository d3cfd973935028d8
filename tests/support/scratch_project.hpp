// A project of a test's own, configured by cmake and run by ctest.
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

  // What cmake says of the project with these commands. They find the folder of the project in
  // $ENV{FOLDER}, and the file in which the services of support/obedient.hpp leave their trace in
  // $ENV{TRACE}; and so do the tests.
  Finished configure(const std::string& commands, const Variables& variables = {}) {
    WriteFile(folder_ / "CMakeLists.txt",
              "cmake_minimum_required(VERSION 3.22)\n"
              "project(scratch LANGUAGES " +
                  languages_ + ")\ninclude(CTest)\n" + commands);
    return RunToTheEnd({MIRAKURU_CMAKE, "-S", folder_.path(), "-B", build_folder()},
                       with_own(variables));
  }

  // Throws where it cannot be built.
  void build(const std::string& commands, const Variables& variables = {}) {
    succeed(configure(commands, variables));
    succeed(RunToTheEnd({MIRAKURU_CMAKE, "--build", build_folder()}, with_own(variables)));
  }

  // What ctest says of what is built.
  Finished ctest(const std::vector<std::string>& arguments = {}, const Variables& variables = {}) {
    return RunToTheEnd(ctest_words(arguments), with_own(variables));
  }
  // ctest while it runs.
  std::unique_ptr<ChildProgram> start_ctest(const std::vector<std::string>& arguments = {}) {
    const ScopedVariable trace("TRACE", folder_ / "trace");
    const ScopedVariable folder("FOLDER", folder_.path());
    return std::make_unique<ChildProgram>(ctest_words(arguments));
  }

  // All of it. Throws where it cannot be built.
  Finished run_ctest(const std::string& commands, const Variables& variables = {}) {
    build(commands, variables);
    return ctest({}, variables);
  }

  // Stands in the command lines of all that knows the project's folder: a mark of leftovers.hpp.
  const std::string& path() const { return folder_.path(); }
  std::string operator/(const std::string& name) const { return folder_ / name; }
  std::string build_folder() const { return folder_ / "build tree"; }
  void write(const std::string& name, const std::string& text) { WriteFile(folder_ / name, text); }
  std::string read(const std::string& name) const { return ReadFile(folder_ / name); }
  std::string trace() const { return read("trace"); }

 private:
  Variables with_own(Variables variables) const {
    variables.insert({{"TRACE", folder_ / "trace"},
                      {"FOLDER", folder_.path()},
                      {"CMAKE_GENERATOR", MIRAKURU_GENERATOR}});
    return variables;
  }

  // One test after the other where the arguments say nothing else, whatever CTEST_PARALLEL_LEVEL
  // tells the ctest that runs us.
  std::vector<std::string> ctest_words(const std::vector<std::string>& arguments) const {
    std::vector<std::string> words{MIRAKURU_CTEST, "--test-dir", build_folder(),
                                   "--output-on-failure", "-j1"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return words;
  }

  static void succeed(const Finished& finished) {
    if (finished.exit_code != 0) throw std::runtime_error(finished.text);
  }

  std::string languages_;
  TempDir folder_;
};

}  // namespace mirakuru::tests

#endif  // MIRAKURU_TESTS_SUPPORT_SCRATCH_PROJECT_HPP_
