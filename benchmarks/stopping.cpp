// What stop() costs beyond the program's own end, and what a start and a stop cost together.
#include <csignal>
#include <stdexcept>
#include <string>
#include <vector>

#include "benchmarks.hpp"
#include "mirakuru/mirakuru.hpp"
#include "moments.hpp"
#include "plain_process.hpp"
#include "samples.hpp"

namespace benchmarks {
namespace {

std::int64_t since_end(Moments& moments) {
  const std::int64_t now = now_ns();
  if (moments.ended == 0) throw std::runtime_error("it ended without its handler");
  return now - moments.ended;
}

void measure_stop(Report& report, int runs) {
  const std::string file = work_folder() + "/moments-of-stop";
  Moments* moments = map_moments(file.c_str());
  if (moments == nullptr) throw std::runtime_error("cannot map " + file);
  const std::string pid_file = work_folder() + "/pid";
  const std::vector<std::string> words{service("becomes_ready"), file, "0", "pid_file", pid_file};

  Samples with_mirakuru;
  Samples without;
  for (int i = 0; i < runs; ++i) {
    moments->ready = moments->ended = 0;
    mirakuru::PidExecutor executor(words, pid_file);
    executor.start();
    executor.stop();
    with_mirakuru.add(since_end(*moments));

    moments->ready = moments->ended = 0;
    PlainProcess process(words);
    while (moments->ready == 0) usleep(100);
    process.terminate();
    without.add(since_end(*moments));
  }
  munmap(moments, sizeof *moments);
  report.below("stop() beyond the program's own end, median", 2, with_mirakuru.median(), "ms",
               in_unit(without.median(), "ms"));
}

void measure_sleep(Report& report, int runs) {
  Samples with_mirakuru;
  Samples without;
  for (int i = 0; i < runs; ++i) {
    std::int64_t begin = now_ns();
    mirakuru::SimpleExecutor executor({"sleep", "60"});
    executor.start();
    executor.stop();
    with_mirakuru.add(now_ns() - begin);

    begin = now_ns();
    PlainProcess process({"sleep", "60"});
    process.terminate();
    without.add(now_ns() - begin);
  }
  report.below("start and stop of `sleep`, above the plain ones, median", 3,
               with_mirakuru.median() - without.median(), "ms",
               in_unit(without.median(), "ms") + " in all");
}

}  // namespace

void measure_stopping(Report& report, int runs) {
  // The first start is measured on its own.
  mirakuru::SimpleExecutor({"sleep", "60"}).start();
  measure_stop(report, runs);
  measure_sleep(report, runs);
}

}  // namespace benchmarks
