// However much a service prints: the test program is no bigger. (faults/soak_test.cpp: however many
// services were started.)
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "mirakuru/mirakuru.hpp"
#include "support/memory.hpp"
#include "support/service.hpp"

namespace mirakuru::tests {
namespace {

TEST(Growth, IsLittleWhileAServicePrintsAGibibyte) {
  // What the libraries load when they are used first is none of it.
  OutputExecutor({Service("prints_megabytes"), "--mib=1"}, "^last line$").start().stop();
  OutputExecutor executor({Service("prints_megabytes"), "--mib=1024"}, "^last line$");
  // From now on, the peak counts anew; see proc(5).
  std::ofstream("/proc/self/clear_refs") << "5";
  const long memory_before = ProcField(getpid(), "status", "VmRSS");
  executor.start();
  EXPECT_EQ(executor.output().tail(1), "last line\n");
  if (kMemoryIsOurs) {
    EXPECT_LT(ProcField(getpid(), "status", "VmHWM"), memory_before + 1024) << "KiB";
  }
}

}  // namespace
}  // namespace mirakuru::tests
