#include "report.hpp"

#include <string_view>

namespace mirakuru::gtest::detail {

std::string without_skip_mark(std::string text) {
  constexpr std::string_view kMark = "[  SKIPPED ]";
  for (std::size_t at = text.find(kMark); at != std::string::npos; at = text.find(kMark, at)) {
    text.erase(at + 1, 1);
  }
  return text;
}

void report(const plugin::TestFailure& failure, testing::TestPartResult::Type type) {
  testing::internal::AssertHelper(type, failure.file, failure.line,
                                  without_skip_mark(failure.text).c_str()) = testing::Message();
}

void report(const std::vector<plugin::TestFailure>& failures, testing::TestPartResult::Type type) {
  for (const plugin::TestFailure& failure : failures) report(failure, type);
}

OnlyRecordFailures::OnlyRecordFailures()
    : throw_on_failure_(GTEST_FLAG_GET(throw_on_failure)),
      break_on_failure_(GTEST_FLAG_GET(break_on_failure)) {
  GTEST_FLAG_SET(throw_on_failure, false);
  GTEST_FLAG_SET(break_on_failure, false);
}

OnlyRecordFailures::~OnlyRecordFailures() {
  GTEST_FLAG_SET(throw_on_failure, throw_on_failure_);
  GTEST_FLAG_SET(break_on_failure, break_on_failure_);
}

}  // namespace mirakuru::gtest::detail
