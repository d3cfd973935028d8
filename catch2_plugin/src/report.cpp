#include "report.hpp"

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "framework.hpp"

namespace mirakuru::catch2::detail {
namespace {

void report(const plugin::TestFailure& failure, Catch::ResultDisposition::Flags disposition) {
  Catch::AssertionHandler handler(
      "mirakuru", Catch::SourceLineInfo(failure.file, static_cast<std::size_t>(failure.line)),
      Catch::StringRef(), disposition);
  handler.handleMessage(Catch::ResultWas::ExplicitFailure, std::string(failure.text));
  handler.complete();
}

// Only on_exit(3) passes the exit status to the handler. On Linux, a handler may call exit(), and
// the remaining handlers still run (atexit(3)).
void exit_with_failure(int status, void* owner) {
  if (status == EXIT_SUCCESS &&
      getpid() == static_cast<pid_t>(reinterpret_cast<std::intptr_t>(owner))) {
    std::exit(EXIT_FAILURE);
  }
}

}  // namespace

void report(const std::vector<plugin::TestFailure>& failures) {
  for (const plugin::TestFailure& failure : failures) {
    try {
      report(failure, Catch::ResultDisposition::ContinueOnFailure);
    } catch (const Catch::TestFailureException&) {
      // With --abort, every failure throws to leave the test case, which is at its end here.
    }
  }
}

void report_and_throw(const std::vector<plugin::TestFailure>& failures) {
  if (failures.empty()) return;
  report({failures.begin(), failures.end() - 1});
  report(failures.back(), Catch::ResultDisposition::Normal);
}

void fail_program(const std::vector<plugin::TestFailure>& failures) {
  for (const plugin::TestFailure& failure : failures) {
    std::fprintf(stderr, "%s:%d: FAILED:\n%s\n", failure.file, failure.line, failure.text.c_str());
  }
  if (failures.empty()) return;
  static const int registered =
      on_exit(exit_with_failure, reinterpret_cast<void*>(static_cast<std::intptr_t>(getpid())));
  static_cast<void>(registered);
}

}  // namespace mirakuru::catch2::detail
