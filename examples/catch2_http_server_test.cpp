// The example of http_server_test.cpp with Catch2.
#include "http_client.hpp"
#if __has_include(<catch2/catch_test_macros.hpp>)
#include <catch2/catch_test_macros.hpp>
#else
#include <catch2/catch.hpp>  // Catch2 2
#endif
// [readme:catch2]
#include <mirakuru/catch2.hpp>

MIRAKURU_FIXTURE(Server, mirakuru::HTTPExecutor{{HTTP_SERVER, "--port", "{port}"},
                                                "http://127.0.0.1:{port}/"});

TEST_CASE_METHOD(Server, "says hello") { CHECK(http_get(executor().url()).body == "hello\n"); }

TEST_CASE_METHOD(Server, "logs requests") {
  CHECK(http_get(executor().url() + "nowhere").status == 404);
  executor().output().wait_for("GET /nowhere");
}
// [readme:end]
