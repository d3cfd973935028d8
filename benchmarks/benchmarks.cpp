#include "benchmarks.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <system_error>

namespace benchmarks {
namespace {

class WorkDirectory {
 public:
  WorkDirectory() : path_((std::filesystem::temp_directory_path() / "benchmark-XXXXXX").string()) {
    if (mkdtemp(path_.data()) == nullptr) throw std::runtime_error("mkdtemp failed: " + path_);
  }
  ~WorkDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  WorkDirectory(const WorkDirectory&) = delete;
  WorkDirectory& operator=(const WorkDirectory&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

double p99(const std::vector<double>& values) { return quantile(values, 0.99); }

bool tiny = false;

}  // namespace

double quantile(std::vector<double> values, double part) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(std::ceil(part * static_cast<double>(values.size()))) - 1];
}

void make_tiny() { tiny = true; }
int sized(int count) { return tiny ? std::max(1, count / 100) : count; }

SharedMoments::SharedMoments() {
  static int count = 0;
  path_ = work_directory() + "/moments-" + std::to_string(++count);
  moments_ = map_moments(path_.c_str());
  if (moments_ == nullptr) throw std::runtime_error("cannot map " + path_);
}

SharedMoments::~SharedMoments() {
  munmap(moments_, sizeof *moments_);
  unlink(path_.c_str());
}

void one_by_one(benchmark::internal::Benchmark* benchmark) {
  benchmark->UseManualTime()
      ->Iterations(1)
      ->Unit(benchmark::kMillisecond)
      ->ComputeStatistics("p99", &p99);
}

void once(benchmark::internal::Benchmark* benchmark) {
  benchmark->UseRealTime()->Iterations(1)->Repetitions(1)->Unit(benchmark::kMillisecond);
}

const std::string& work_directory() {
  static const WorkDirectory directory;
  return directory.path();
}

}  // namespace benchmarks
