// However much a service prints: the test program is no bigger. (faults/soak_test.cpp: however many
// services were started.)
#include <gtest/gtest.h>

#include "mirakuru/mirakuru.hpp"
#include "support/memory.hpp"
#include "support/service.hpp"

namespace mirakuru::tests {
namespace {

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
