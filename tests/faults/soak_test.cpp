// However many services were started and stopped: the numbers of descriptors, processes and files,
// and the memory, are as before.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <iterator>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "mirakuru/mirakuru.hpp"
#include "support/environment.hpp"
#include "support/leftovers.hpp"
#include "support/memory.hpp"
#include "support/sockets.hpp"
#include "support/wait_until.hpp"

namespace mirakuru::tests {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::Gt;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Pair;

using Figures = std::map<std::string, long>;

long Entries(const std::string& directory) {
  namespace fs = std::filesystem;
  return static_cast<long>(
      std::distance(fs::directory_iterator(directory), fs::directory_iterator()));
}

long ChildrenOf(int parent) {
  long count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    if (ParentOf(std::atoi(entry.path().filename().c_str())) == parent) ++count;
  }
  return count;
}

class Soak : public testing::Test {
 protected:
  Soak() {
    SimpleExecutor executor({"sleep", "60"});
    executor.start();
    supervisor_ = ParentOf(ParentOf(executor.pid()));
    const std::filesystem::path tmpdir = executor.expand("{tmpdir}");
    directory_ = tmpdir.parent_path().parent_path();
  }

  // What has grown after that many rounds, and by how much, not counting the one-time cost of the
  // first rounds.
  Figures growth(int rounds, const std::function<void()>& round,
                 std::chrono::milliseconds settle) const {
    for (int i = 0; i < kWarmUp; ++i) round();
    const Figures before = figures();
    for (int i = 0; i < rounds; ++i) round();
    Figures growth;
    // The supervisor notices the end of a shepherd a moment after we do.
    WaitUntil([&] { return (growth = difference(before, figures())).empty(); }, settle);
    return growth;
  }

 private:
  static constexpr int kWarmUp = 50;

  Figures figures() const {
    // Anonymous memory: the system loads and drops pages of files, such as the program's own, as it
    // likes.
    return {
        {"descriptors", Entries("/proc/self/fd")},
        {"descriptors of the supervisor", Entries("/proc/" + std::to_string(supervisor_) + "/fd")},
        {"files", Entries(directory_)},
        {"KiB", ProcField(getpid(), "smaps_rollup", "Anonymous")},
        {"KiB of the supervisor", ProcField(supervisor_, "smaps_rollup", "Anonymous")},
        {"processes", ChildrenOf(getpid()) + ChildrenOf(supervisor_)},
        {"threads", ProcField(getpid(), "status", "Threads")}};
  }

  // A leak in every start adds up to more than the usual variation of the allocator.
  static bool is_memory_as_usual(const std::string& what, long more) {
    return what.rfind("KiB", 0) == 0 && (more < 512 || !kMemoryIsOurs);
  }

  static Figures difference(const Figures& before, const Figures& after) {
    Figures result;
    for (const auto& [what, count] : after) {
      const long more = count - before.at(what);
      if (more > 0 && !is_memory_as_usual(what, more)) result[what] = more;
    }
    return result;
  }

  int supervisor_ = 0;
  std::string directory_;
};

std::unique_ptr<OutputExecutor> Started() {
  auto executor = std::make_unique<OutputExecutor>(
      Command::shell("echo ready; exec sleep 60 # {port} {tmpdir}"), "ready");
  executor->start();
  return executor;
}

TEST_F(Soak, LeavesNothingBehind) {
  EXPECT_THAT(growth(
                  1000 * TestScale(), [] { Started()->stop(); }, 10s),
              IsEmpty());
}

// The controls: a leak in every start is noticed.

TEST_F(Soak, NoticesADescriptor) {
  std::vector<Socket> kept;
  const auto leak = [&] {
    Started()->stop();
    kept.emplace_back(AF_INET);
  };
  EXPECT_THAT(growth(100, leak, 200ms), Contains(Pair("descriptors", 100)));
}

TEST_F(Soak, NoticesAnExecutor) {
  std::vector<std::unique_ptr<OutputExecutor>> kept;
  const auto leak = [&] {
    kept.push_back(Started());
    kept.back()->stop();
  };
  // Its port is reserved.
  EXPECT_THAT(growth(100, leak, 200ms),
              IsSupersetOf({Pair("descriptors", 100), Pair("files", 100)}));
}

TEST_F(Soak, NoticesAService) {
  std::vector<std::unique_ptr<OutputExecutor>> kept;
  const auto leak = [&] { kept.push_back(Started()); };
  EXPECT_THAT(growth(100, leak, 200ms), Contains(Pair("processes", 100)));
}

TEST_F(Soak, NoticesMemory) {
  if (!kMemoryIsOurs) return;
  std::list<std::string> kept;
  const auto leak = [&] {
    Started()->stop();
    kept.emplace_back(16 * 1024, '.');
  };
  EXPECT_THAT(growth(100, leak, 200ms), Contains(Pair("KiB", Gt(1000))));
}

}  // namespace
}  // namespace mirakuru::tests
