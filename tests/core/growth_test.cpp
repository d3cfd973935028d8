// However many services were started, and however much they printed: the test program is no bigger.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <map>
#include <string>

#include "mirakuru/mirakuru.hpp"
#include "support/leftovers.hpp"
#include "support/memory.hpp"
#include "support/service.hpp"
#include "support/wait_until.hpp"

namespace mirakuru::tests {
namespace {

long Entries(const std::string& folder) {
  namespace fs = std::filesystem;
  return static_cast<long>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

long Descriptors(int pid) { return Entries("/proc/" + std::to_string(pid) + "/fd"); }

long ChildrenOf(int parent) {
  long count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    if (ParentOf(std::atoi(entry.path().filename().c_str())) == parent) ++count;
  }
  return count;
}

// Where the folders of all executors are, and the process that owns their services.
struct Home {
  std::string folder;
  int supervisor;
};

Home StartAndLook() {
  SimpleExecutor executor({"sleep", "60"});
  executor.start();
  const std::filesystem::path tmpdir = executor.expand("{tmpdir}");
  return {tmpdir.parent_path().parent_path(), ParentOf(ParentOf(executor.pid()))};
}

std::map<std::string, long> Figures(const Home& home) {
  return {{"descriptors", Descriptors(getpid())},
          {"descriptors of the supervisor", Descriptors(home.supervisor)},
          {"folders", Entries(home.folder)},
          {"processes", ChildrenOf(getpid()) + ChildrenOf(home.supervisor)},
          {"threads", Status("self", "Threads")}};
}

void StartAndStop(int times) {
  for (int i = 0; i < times; ++i) {
    OutputExecutor executor(Command::shell("echo ready; exec sleep 60 # {port} {tmpdir}"), "ready");
    executor.start();
    executor.stop();
  }
}

TEST(Growth, IsNoneAfterAHundredStarts) {
  const Home home = StartAndLook();
  StartAndStop(20);
  const auto before = Figures(home);
  const long memory_before = Status("self", "VmRSS");
  StartAndStop(100);
  // The supervisor hears of the end of what watched over a service a moment after we do.
  WaitUntil([&] { return Figures(home) == before; });
  EXPECT_EQ(Figures(home), before);
  // What is lost with every start adds up to more than the allocator's own habits do.
  if (kMemoryIsOurs) {
    EXPECT_LE(Status("self", "VmRSS"), memory_before + 100) << "KiB";
  }
}

TEST(Growth, IsLittleWhileAServicePrintsAGibibyte) {
  // What the libraries load when they are used first is none of it.
  OutputExecutor({Service("prints_megabytes"), "--mib=1"}, "^last line$").start().stop();
  OutputExecutor executor({Service("prints_megabytes"), "--mib=1024"}, "^last line$");
  const Growth growth;
  executor.start();
  EXPECT_EQ(executor.output().tail(1), "last line\n");
  if (kMemoryIsOurs) {
    EXPECT_LT(growth.kib(), 1024);
  }
}

}  // namespace
}  // namespace mirakuru::tests
