// A suite of 100 tests of GoogleTest that do nothing, with a service as their fixture and without.
#include <fcntl.h>

#include <string>

#include "benchmarks.hpp"
#include "plain_process.hpp"
#include "sockets.hpp"

namespace benchmarks {
namespace {

std::int64_t run(const std::string& suite) {
  static const Descriptor nowhere(open("/dev/null", O_WRONLY | O_CLOEXEC));
  const std::int64_t begin = now_ns();
  PlainProcess({service("hundred_tests"), "--gtest_filter=*" + suite + ".*"}, nowhere.get()).wait();
  return now_ns() - begin;
}

std::int64_t with_service() { return run("WithService"); }
std::int64_t without_service() { return run("WithoutService"); }

BENCHMARK(samples<with_service>)->Name("suite")->Apply(one_by_one)->Repetitions(50);
BENCHMARK(samples<without_service>)->Name("suite/floor")->Apply(one_by_one)->Repetitions(50);

}  // namespace
}  // namespace benchmarks
