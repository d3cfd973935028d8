#include "tools.hpp"

#include <unistd.h>

#include <cstdlib>
#include <memory>

#include "benchmarks.hpp"
#include "mirakuru/mirakuru.hpp"
#include "plain_process.hpp"
#include "processes.hpp"
#include "sockets.hpp"

namespace benchmarks {
namespace {

std::vector<std::string> service_at(const std::string& port, const Services& services,
                                    const SharedMoments& moments) {
  return {service("becomes_ready"), moments.path(), std::to_string(services.delay_us), "http",
          port};
}

std::int64_t without_delay(std::int64_t ns, const Services& services) {
  return ns - std::int64_t{services.delay_us} * 1000;
}

// Of this program, the supervisor and the shepherds.
std::int64_t processor_time_of_all(pid_t supervisor,
                                   const std::vector<mirakuru::SimpleExecutor*>& executors) {
  std::int64_t sum = processor_time(getpid()) + processor_time(supervisor);
  for (const auto* executor : executors)
    sum += processor_time(HelperProcesses(executor->pid()).shepherd);
  return sum;
}

// It exists from the first start on.
pid_t find_supervisor() {
  mirakuru::SimpleExecutor executor({"sleep", "60"});
  return HelperProcesses(executor.start().pid()).supervisor;
}

// The processor time of the start only.
Use by_mirakuru(const Services& services) {
  static const pid_t supervisor = find_supervisor();
  const SharedMoments moments;
  const std::int64_t processor_before = processor_time_of_all(supervisor, {});
  const std::int64_t begin = now_ns();
  std::vector<std::unique_ptr<mirakuru::HTTPExecutor>> executors;
  std::vector<mirakuru::SimpleExecutor*> starting;
  for (int i = 0; i < services.count; ++i) {
    executors.push_back(std::make_unique<mirakuru::HTTPExecutor>(
        service_at("{port}", services, moments), "http://127.0.0.1:{port}/"));
    starting.push_back(executors.back().get());
  }
  mirakuru::start_together(starting);
  const std::int64_t test = now_ns();
  const std::int64_t processor = processor_time_of_all(supervisor, starting) - processor_before;
  const std::int64_t test_end = now_ns();
  for (const auto& executor : executors) executor->stop();
  executors.clear();
  const std::int64_t stop = now_ns() - test_end;
  return {test - moments->ready, stop, without_delay(test - begin + stop, services), processor};
}

Use by_hand(const Services& services) {
  const SharedMoments moments;
  const std::int64_t processor_before = processor_time(getpid());
  const std::int64_t begin = now_ns();
  const std::vector<HeldPort> ports(static_cast<std::size_t>(services.count));
  std::vector<std::unique_ptr<PlainProcess>> processes;
  processes.reserve(ports.size());
  for (const HeldPort& port : ports) {
    processes.push_back(std::make_unique<PlainProcess>(
        service_at(std::to_string(port.number()), services, moments)));
  }
  for (const HeldPort& port : ports) wait_until_answered(port.number());
  const std::int64_t test = now_ns();
  const std::int64_t processor = processor_time(getpid()) - processor_before;
  for (const auto& process : processes) process->terminate();
  const std::int64_t end = now_ns();
  return {test - moments->ready, end - test, without_delay(end - begin, services), processor};
}

// A script of peers/, as users of the tool would write it.
Use by_script(const std::string& script, const Services& services) {
  const SharedMoments moments;
  const std::vector<HeldPort> ports(static_cast<std::size_t>(services.count));
  std::vector<std::string> words = {MIRAKURU_BENCHMARK_PEERS_DIR "/" + script, moments.path(),
                                    std::to_string(services.delay_us)};
  for (const HeldPort& port : ports) words.push_back(std::to_string(port.number()));
  const std::int64_t begin = now_ns();
  PlainProcess process(words);
  const std::int64_t processor = process.wait();
  const std::int64_t end = now_ns();
  if (moments->test == 0) throw ProgramFailed(script + " ran no test");
  return {moments->test - moments->ready, end - moments->test, without_delay(end - begin, services),
          processor};
}

// `program` is the program that the script needs.
Tool peer(const std::string& name, const std::string& program, int most = 1000) {
  const auto use = [name, program](const Services& services) {
    if (std::system(("command -v " + program + " > /dev/null").c_str()) != 0) {
      throw ProgramFailed("there is no " + program);
    }
    return by_script(name + ".sh", services);
  };
  return {"/" + name, use, true, most};
}

// So that the scripts can be as simple as those of users.
void extend_path() {
  const char* path = std::getenv("PATH");
  setenv("PATH",
         (MIRAKURU_BENCHMARK_PEERS_DIR "/node_modules/.bin:" MIRAKURU_BENCHMARK_SERVICES_DIR ":" +
          std::string(path == nullptr ? "/usr/bin:/bin" : path))
             .c_str(),
         1);
}

}  // namespace

const std::vector<Tool>& tools() {
  static const std::vector<Tool> all = [] {
    extend_path();
    return std::vector<Tool>{{"", &by_mirakuru},
                             {"/floor", &by_hand},
                             peer("shell_loop", "curl"),
                             peer("wait-on", "wait-on"),
                             peer("start-server-and-test", "start-server-and-test"),
                             // It starts them in sequence, which takes minutes for 1,000.
                             peer("playwright", "playwright", 100)};
  }();
  return all;
}

}  // namespace benchmarks
