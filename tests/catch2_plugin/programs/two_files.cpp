// With two_files_other.cpp: a service of both, and one of the same name in each.
#include "programs/shared_service.hpp"

MIRAKURU_FIXTURE(SameName, mirakuru::OutputExecutor{Obedient("SameName"), "ready"});

namespace one {
MIRAKURU_FIXTURE(OwnNamespace, mirakuru::OutputExecutor{Obedient("One"), "ready"});
TEST_CASE_METHOD(OwnNamespace, "own namespace: one", "[namespace]") { CHECK(executor().running()); }
}  // namespace one

TEST_CASE("shared: first", "[shared]") { CHECK(Shared::executor().running()); }
TEST_CASE_METHOD(SameName, "same name") {}
