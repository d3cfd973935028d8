// A server that speaks HTTP/2 alone, and a check that does so on request.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "mirakuru/mirakuru.hpp"
#include "programs.hpp"
#include "support/missing.hpp"
#include "support/thrown.hpp"

namespace mirakuru::tests {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;

class Http2 : public testing::Test {
 protected:
  void SetUp() override {
    const std::string missing = WhatIsMissing({{"nghttpd", "nghttp2-server"}});
    if (missing.empty()) return;
    if (MissingIsAllowed()) GTEST_SKIP() << missing;
    FAIL() << missing;
  }

  // Of an empty directory: it answers 404.
  static Command server() {
    return {FindProgram("nghttpd"), "--no-tls", "--htdocs={tmpdir}", "--address=127.0.0.1",
            "{port}"};
  }
};

TEST_F(Http2, IsSpokenOnRequest) {
  HTTPExecutor executor(
      server(), {.url = "http://127.0.0.1:{port}/", .status = 404, .method = "GET", .http2 = true});
  EXPECT_NO_THROW(executor.start());
}

TEST_F(Http2, IsNamedIfTheServerSpeaksNothingElse) {
  HTTPExecutor executor(server(), {.url = "http://127.0.0.1:{port}/", .status = 404},
                        {.start_timeout = 500ms});
  EXPECT_THAT(Thrown<TimeoutExpired>([&] { executor.start(); }).what(),
              AllOf(HasSubstr("not HTTP/1"), HasSubstr(".http2 = true")));
}

TEST_F(Http2, IsNotSpokenByAServerOfHttp1) {
  HTTPExecutor executor("python3 -m http.server --bind 127.0.0.1 {port}",
                        {.url = "http://127.0.0.1:{port}/", .http2 = true},
                        {.start_timeout = 1s, .cwd = "{tmpdir}"});
  EXPECT_THAT(Thrown<TimeoutExpired>([&] { executor.start(); }).what(), HasSubstr("HTTP/2"));
}

}  // namespace
}  // namespace mirakuru::tests
