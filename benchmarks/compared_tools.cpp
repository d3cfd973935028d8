// mirakuru compared with the floor and with other tools, on the same services. The benchmarks of
// each tool have the same names as those of mirakuru, with the tool's name at the end.
#include <unistd.h>

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "benchmarks.hpp"
#include "plain_process.hpp"
#include "tools.hpp"

namespace benchmarks {
namespace {

// The given number of unrelated processes.
class Crowd {
 public:
  explicit Crowd(int count) : process_({service("crowd"), moments_.path(), std::to_string(count)}) {
    constexpr std::int64_t kLimit = 60'000'000'000;
    const std::int64_t begin = now_ns();
    while (moments_->ready == 0) {
      if (now_ns() > begin + kLimit) throw std::runtime_error("the crowd does not come");
      usleep(1000);
    }
  }
  ~Crowd() { process_.terminate(); }
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;

 private:
  SharedMoments moments_;
  PlainProcess process_;
};

// Uses the tool several times and takes the medians: the time is that from ready to the test, and
// the others are counters, in milliseconds.
void measure(benchmark::State& state, const Tool& tool, int times,
             const std::function<Services()>& services) {
  std::vector<double> ready;
  std::vector<double> stop;
  std::vector<double> cycle;
  std::vector<double> each;  // if there are several services
  std::vector<double> processor;
  try {
    for (int i = 0; i < times; ++i) {
      const Services wanted = services();
      const Use use = tool.use(wanted);
      const auto add = [](std::vector<double>& all, std::int64_t ns) {
        all.push_back(static_cast<double>(ns) / 1e6);
      };
      add(ready, use.ready);
      add(stop, use.stop);
      add(cycle, use.cycle);
      add(each, use.cycle / wanted.count);
      add(processor, use.processor);
    }
  } catch (const ProgramFailed& error) {
    return state.SkipWithError(error.what());
  }
  while (state.KeepRunning()) state.SetIterationTime(quantile(ready, 0.5) / 1e3);
  state.counters["stop_ms"] = quantile(stop, 0.5);
  state.counters["cycle_ms"] = quantile(cycle, 0.5);
  state.counters["each_ms"] = quantile(each, 0.5);
  state.counters["processor_ms"] = quantile(processor, 0.5);
}

void register_all_of(const Tool& tool) {
  const auto add = [&tool](const std::string& name, auto run) {
    return benchmark::RegisterBenchmark((name + tool.name).c_str(), run)->Apply(one_by_one);
  };
  const bool is_slow = tool.is_peer;  // so it is used only a few times

  auto* one = add("one_service", [&tool, delays = Delays()](benchmark::State& state) mutable {
    measure(state, tool, 1, [&] { return Services{1, delays.next()}; });
  });
  if (is_slow) one->Repetitions(20);

  add("five_seconds", [&tool](benchmark::State& state) {
    measure(state, tool, 1, [] { return Services{1, sized(5'000'000)}; });
  })->Repetitions(2);

  for (const int count : {1, 10, 100, 1000}) {
    if (count > tool.most) continue;
    add("concurrent/" + std::to_string(count), [&tool, count](benchmark::State& state) {
      measure(state, tool, 1, [count] { return Services{sized(count), 0}; });
    })->Repetitions(is_slow ? 2 : 5);
  }

  for (const int count : {0, 5000}) {
    if (count == 0 && is_slow) continue;  // see one_service
    add("crowd/" + std::to_string(count), [&tool, count, is_slow,
                                           delays = Delays()](benchmark::State& state) mutable {
      const Crowd crowd(sized(count));
      measure(state, tool, is_slow ? 2 : sized(20), [&] { return Services{1, delays.next()}; });
    })->Repetitions(is_slow ? 2 : 5);
  }
}

const bool registered = [] {
  for (const Tool& tool : tools()) register_all_of(tool);
  return true;
}();

}  // namespace
}  // namespace benchmarks
