// With two_files_other.cpp: a service of both, one of the same name in each, and main().
#include "shared_service.hpp"

MIRAKURU_FIXTURE(SameName, mirakuru::OutputExecutor{Obedient("SameName"), "ready"});

namespace one {
MIRAKURU_FIXTURE(OwnNamespace, mirakuru::OutputExecutor{Obedient("One"), "ready"});
TEST_F(OwnNamespace, First) { EXPECT_TRUE(executor().running()); }
}  // namespace one

TEST(First, UsesTheSharedService) { EXPECT_TRUE(Shared::executor().running()); }
TEST_F(SameName, First) {}

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
