#include <gtest/gtest.h>

#include "mirakuru/export.hpp"

MIRAKURU_EXPORT int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
