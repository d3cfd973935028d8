// What a user sees if a service does not get ready. Every test of this program FAILS, each for
// another reason, and reports why.
#include <gtest/gtest.h>

#include <mirakuru/gtest.hpp>

using namespace std::chrono_literals;

// A mistake in its command line: it ends immediately. Both tests fail; the full report comes once.
MIRAKURU_FIXTURE(EndsAtOnce, mirakuru::HTTPExecutor{{HTTP_SERVER, "--prot", "{port}"},
                                                    "http://127.0.0.1:{port}/health"});

TEST_F(EndsAtOnce, FirstTest) {}
TEST_F(EndsAtOnce, SecondTest) {}

// It listens on another port than the expected one: the start times out after a second.
MIRAKURU_FIXTURE(ListensElsewhere, mirakuru::HTTPExecutor{{HTTP_SERVER, "--port", "{port:other}"},
                                                          "http://127.0.0.1:{port}/health",
                                                          {.start_timeout = 1s}});

TEST_F(ListensElsewhere, Test) {}

// There is no such program.
MIRAKURU_FIXTURE(IsMissing,
                 mirakuru::TCPExecutor{"no-such-server --port {port}", "127.0.0.1:{port}"});

TEST_F(IsMissing, Test) {}

// Another server uses the port.
MIRAKURU_FIXTURE(Somebody,
                 mirakuru::TCPExecutor{{HTTP_SERVER, "--port", "{port}"}, "127.0.0.1:{port}"});
MIRAKURU_FIXTURE(FindsPortTaken, mirakuru::TCPExecutor{
                                     {HTTP_SERVER, "--port", Somebody::executor().expand("{port}")},
                                     {"127.0.0.1", Somebody::executor().port()}});

TEST_F(FindsPortTaken, Test) {}
