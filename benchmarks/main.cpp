// mirakuru_benchmark [--check] [--runs=N] [PART...]
//
// Measures all parts, or those named: readiness, stopping, first_start, growth, parsing. With
// --check it exits with 1 where a bar is missed.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <set>
#include <string>

#include "benchmarks.hpp"

namespace benchmarks {
namespace {

const std::set<std::string> kParts{"readiness", "stopping", "first_start", "growth", "parsing"};

class WorkFolder {
 public:
  WorkFolder() : path_((std::filesystem::temp_directory_path() / "benchmark-XXXXXX").string()) {
    if (mkdtemp(path_.data()) == nullptr) throw std::runtime_error("mkdtemp failed: " + path_);
  }
  ~WorkFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

int run(int argc, char** argv) {
  std::set<std::string> parts;
  bool check = false;
  int runs = 300;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--sample-of-the-first-start") {
      return be_a_sample_of_the_first_start();
    } else if (argument == "--check") {
      check = true;
    } else if (argument.rfind("--runs=", 0) == 0) {
      runs = std::atoi(argument.c_str() + 7);
    } else if (kParts.count(argument) != 0) {
      parts.insert(argument);
    } else {
      std::fprintf(stderr, "%s: unknown argument; see benchmarks/README.md\n", argument.c_str());
      return 2;
    }
  }
  if (parts.empty()) parts = kParts;

  Report report;
  if (parts.count("readiness") != 0) measure_readiness(report, runs);
  if (parts.count("stopping") != 0) measure_stopping(report, runs);
  if (parts.count("first_start") != 0) measure_first_start(report);
  if (parts.count("growth") != 0) measure_growth(report);
  if (parts.count("parsing") != 0) measure_parsing(report);
  return check && !report.all_met() ? 1 : 0;
}

}  // namespace

const std::string& work_folder() {
  static const WorkFolder folder;
  return folder.path();
}

}  // namespace benchmarks

int main(int argc, char** argv) {
  try {
    return benchmarks::run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "the benchmark broke: %s\n", error.what());
    return 3;
  }
}
