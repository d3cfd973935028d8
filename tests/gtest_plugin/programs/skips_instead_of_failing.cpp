// Without the plugin, if a service does not get ready, ctest reports "Skipped".
#include <gtest/gtest.h>

class WithoutThePlugin : public testing::Test {
 protected:
  static void SetUpTestSuite() { FAIL() << "the service is not ready"; }
};
TEST_F(WithoutThePlugin, First) {}
