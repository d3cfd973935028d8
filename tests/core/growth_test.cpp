// The test program does not grow with the output of its services. (See faults/soak_test.cpp for the
// number of services.)
#include <gtest/gtest.h>

#include "mirakuru/mirakuru.hpp"
#include "support/memory.hpp"
#include "support/service.hpp"

namespace mirakuru::tests {
namespace {

TEST(Growth, IsLittleWhileAServicePrintsAGibibyte) {
  // Before the measurement, so that what the libraries load on first use does not count.
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
