// mirakuru::gtest::Environment; see ../environment_test.cpp for the expected results. Each of the
// two services gets ready only when the other one has been started. The variables LEFT and RIGHT
// are one more argument for each.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <string>
#include <utility>

#include "mirakuru/gtest.hpp"
#include "support/obedient.hpp"

using namespace std::chrono_literals;

// A replacement for GoogleTest's printer, as users write it.
class OwnPrinter : public testing::EmptyTestEventListener {
  void OnTestStart(const testing::TestInfo& test) override {
    std::printf("%s begins\n", test.name());
  }
  void OnTestPartResult(const testing::TestPartResult& part) override {
    std::printf("%s\n", part.message());
  }
  void OnTestEnd(const testing::TestInfo& test) override {
    std::printf("%s %s\n", test.name(), test.result()->Passed() ? "passed" : "failed");
  }
};

TEST(Plain, Passes) { std::puts("THE BODY RAN"); }
TEST(Plain, PassesToo) { std::puts("THE BODY RAN"); }

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  const std::string directory = Variable("DIRECTORY");
  const auto service = [&](const std::string& name, const std::string& other,
                           const std::string& argument) {
    return mirakuru::OutputExecutor(
        Obedient(name, {"--makes=" + directory + "/" + name,
                        "--after-file=" + directory + "/" + other, argument}),
        "ready", {.start_timeout = 2s, .name = name});
  };
  auto left = service("left", "right", Variable("LEFT"));
  auto right = service("right", "left", Variable("RIGHT"));
  testing::AddGlobalTestEnvironment(new mirakuru::gtest::Environment({left, right}));
  if (!Variable("PRINTER").empty()) {
    auto& listeners = testing::UnitTest::GetInstance()->listeners();
    delete listeners.Release(listeners.default_result_printer());
    listeners.Append(new OwnPrinter);
  }
  return RUN_ALL_TESTS();
}
