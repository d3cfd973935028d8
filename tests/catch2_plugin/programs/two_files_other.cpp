#include "programs/shared_service.hpp"

// Another service, at another location than in the first file.
MIRAKURU_FIXTURE(SameName, mirakuru::OutputExecutor{Obedient("AnotherOne"), "ready"});

namespace other {
MIRAKURU_FIXTURE(OwnNamespace, mirakuru::OutputExecutor{Obedient("Other"), "ready"});
TEST_CASE_METHOD(OwnNamespace, "own namespace: other", "[namespace]") {
  CHECK(executor().running());
}
}  // namespace other

TEST_CASE("shared: second", "[shared]") { CHECK(Shared::executor().running()); }
