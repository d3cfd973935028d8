// What stop() costs beyond the program's own end, and what a start and a stop cost together.
#include <unistd.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "benchmarks.hpp"
#include "mirakuru/mirakuru.hpp"
#include "plain_process.hpp"

namespace benchmarks {
namespace {

// A service that records when its handler of SIGTERM ran.
class Service {
 public:
  const std::string& pid_file() const { return pid_file_; }
  std::vector<std::string> words() const {
    return {service("becomes_ready"), moments_.path(), "0", "pid_file", pid_file_};
  }
  bool is_ready() const { return moments_->ready != 0; }
  std::int64_t since_end() const {
    const std::int64_t now = now_ns();
    if (moments_->ended == 0) throw std::runtime_error("it ended without its handler");
    return now - moments_->ended;
  }

 private:
  SharedMoments moments_;
  std::string pid_file_ = work_directory() + "/pid";
};

std::int64_t stop() {
  const Service service;
  mirakuru::PidExecutor executor(service.words(), service.pid_file());
  executor.start();
  executor.stop();
  return service.since_end();
}

std::int64_t plain_stop() {
  const Service service;
  PlainProcess process(service.words());
  while (!service.is_ready()) usleep(100);
  process.terminate();
  return service.since_end();
}

std::int64_t start_and_stop() {
  const std::int64_t begin = now_ns();
  mirakuru::SimpleExecutor executor({"sleep", "60"});
  executor.start();
  executor.stop();
  return now_ns() - begin;
}

std::int64_t plain_start_and_stop() {
  const std::int64_t begin = now_ns();
  PlainProcess process({"sleep", "60"});
  process.terminate();
  return now_ns() - begin;
}

BENCHMARK(samples<stop>)->Name("stopping/stop")->Apply(one_by_one);
BENCHMARK(samples<plain_stop>)->Name("stopping/stop/floor")->Apply(one_by_one);
BENCHMARK(samples<start_and_stop>)->Name("stopping/start_and_stop")->Apply(one_by_one);
BENCHMARK(samples<plain_start_and_stop>)->Name("stopping/start_and_stop/floor")->Apply(one_by_one);

}  // namespace
}  // namespace benchmarks
