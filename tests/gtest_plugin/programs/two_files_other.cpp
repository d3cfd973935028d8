#include "programs/shared_service.hpp"

// Another service, at another location than in the first file.
MIRAKURU_FIXTURE(SameName, mirakuru::OutputExecutor{Obedient("AnotherOne"), "ready"});

namespace other {
MIRAKURU_FIXTURE(OwnNamespace, mirakuru::OutputExecutor{Obedient("Other"), "ready"});
class OtherNamespace : public OwnNamespace {};
TEST_F(OtherNamespace, Second) { EXPECT_TRUE(executor().running()); }
}  // namespace other

TEST(Second, UsesTheSharedService) { EXPECT_TRUE(Shared::executor().running()); }
