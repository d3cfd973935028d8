// A user's first test case, compiled by projects that are not this one, for Catch2 2 and 3.
#if __has_include(<catch2/catch_test_macros.hpp>)
#include <catch2/catch_test_macros.hpp>
#else
#include <catch2/catch.hpp>
#endif

#include <chrono>
#include <mirakuru/catch2.hpp>
#include <mirakuru/mirakuru.hpp>

namespace {

MIRAKURU_FIXTURE(Server, mirakuru::HTTPExecutor{{HTTP_SERVER, "--port", "{port}"},
                                                "http://127.0.0.1:{port}/health"});

TEST_CASE_METHOD(Server, "logs the request that it was ready for") {
  CHECK(executor().output().wait_for("HEAD", std::chrono::seconds(10)) == "HEAD /health");
}

}  // namespace
