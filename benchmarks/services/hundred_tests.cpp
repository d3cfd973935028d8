// A hundred tests that do nothing, with a service as their fixture and without one.
#include <gtest/gtest.h>

#include <mirakuru/gtest.hpp>
#include <string>
#include <vector>

namespace {

MIRAKURU_FIXTURE(Service,
                 mirakuru::HTTPExecutor{
                     std::vector<std::string>{MIRAKURU_BENCHMARK_SERVICES_DIR "/becomes_ready",
                                              "{tmpdir}/moments", "0", "http", "{port}"},
                     "http://127.0.0.1:{port}/"});

class WithService : public Service, public testing::WithParamInterface<int> {};
TEST_P(WithService, Passes) {}
INSTANTIATE_TEST_SUITE_P(Hundred, WithService, testing::Range(0, 100));

class WithoutService : public testing::TestWithParam<int> {};
TEST_P(WithoutService, Passes) {}
INSTANTIATE_TEST_SUITE_P(Hundred, WithoutService, testing::Range(0, 100));

}  // namespace
