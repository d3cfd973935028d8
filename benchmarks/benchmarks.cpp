#include "benchmarks.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <vector>

namespace benchmarks {
namespace {

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

// The smallest value that 99 of 100 do not exceed.
double p99(const std::vector<double>& values) {
  std::vector<double> sorted = values;
  std::sort(sorted.begin(), sorted.end());
  return sorted[static_cast<std::size_t>(std::ceil(0.99 * static_cast<double>(sorted.size()))) - 1];
}

}  // namespace

void one_by_one(benchmark::internal::Benchmark* benchmark) {
  benchmark->UseManualTime()
      ->Iterations(1)
      ->Unit(benchmark::kMillisecond)
      ->ComputeStatistics("p99", &p99);
}

const std::string& work_folder() {
  static const WorkFolder folder;
  return folder.path();
}

}  // namespace benchmarks
