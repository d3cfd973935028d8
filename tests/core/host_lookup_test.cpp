// The lookup of a host name by the system's resolver may take long: nothing else waits for it.
#include <dlfcn.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netdb.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>

#include "mirakuru/mirakuru.hpp"
#include "support/processor_time.hpp"
#include "support/service.hpp"
#include "support/thrown.hpp"

namespace mirakuru::tests {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

// Takes the place of a name server: quick.test and slow.test are 127.0.0.1; lookups of slow.test
// wait until answer() is called.
class NameServer {
 public:
  static NameServer& get() {
    static NameServer server;
    return server;
  }

  // The number of lookups of slow.test that fail at once.
  void fail_first(int count) {
    const std::lock_guard lock(mutex_);
    fail_first_ = count;
    answers_ = false;
  }
  void answer() {
    const std::lock_guard lock(mutex_);
    answers_ = true;
    changed_.notify_all();
  }
  // Returns an error of getaddrinfo(3).
  int wait_for_answer() {
    std::unique_lock lock(mutex_);
    if (fail_first_-- > 0) return EAI_NONAME;
    // The limit is only for a test that fails.
    return changed_.wait_for(lock, 20s, [this] { return answers_; }) ? 0 : EAI_AGAIN;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int fail_first_ = 0;
  bool answers_ = false;
};

}  // namespace
}  // namespace mirakuru::tests

// Instead of the function of the C library, whose names the parameters have. Visible to a shared
// library of mirakuru, too.
extern "C" [[gnu::visibility("default")]] int getaddrinfo(const char* name, const char* service,
                                                          const addrinfo* req, addrinfo** pai) {
  using GetAddrInfo = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
  static const auto real = reinterpret_cast<GetAddrInfo>(dlsym(RTLD_NEXT, "getaddrinfo"));
  const bool is_numeric = (req->ai_flags & AI_NUMERICHOST) != 0;
  const std::string host = name;
  if (is_numeric || (host != "slow.test" && host != "quick.test")) {
    return real(name, service, req, pai);
  }
  const int error = host == "slow.test" ? mirakuru::tests::NameServer::get().wait_for_answer() : 0;
  return error == 0 ? real("127.0.0.1", service, req, pai) : error;
}

namespace mirakuru::tests {
namespace {

TEST(HostLookup, FindsTheServiceForTcp) {
  TCPExecutor executor({Service("listens_on_port"), "--port={port}"}, "quick.test:{port}");
  EXPECT_NO_THROW(executor.start());
}

TEST(HostLookup, FindsTheServiceForHttp) {
  HTTPExecutor executor({Service("http_server"), "--port={port}"}, "http://quick.test:{port}/");
  EXPECT_NO_THROW(executor.start());
}

class SlowHostLookup : public testing::Test {
 protected:
  void SetUp() override { NameServer::get().fail_first(0); }
  void TearDown() override { NameServer::get().answer(); }
};

// It is answered only once the other service is started: otherwise neither would be ready.
TEST_F(SlowHostLookup, HoldsUpNoOtherService) {
  TCPExecutor slow({Service("listens_on_port"), "--port={port}"}, "slow.test:{port}");
  Executor other("sleep 60", [] {
    NameServer::get().answer();
    return true;
  });
  start_together({&slow, &other});
  EXPECT_TRUE(slow.running());
}

TEST_F(SlowHostLookup, EndsWithTheTimeoutOfTheStart) {
  TCPExecutor executor({Service("listens_on_port"), "--port={port}"}, "slow.test:{port}",
                       {.start_timeout = 50ms});
  EXPECT_THAT(Thrown<TimeoutExpired>([&] { executor.start(); }).what(),
              HasSubstr("the resolver has not found slow.test in "));
}

// Nor does waiting for it, before the start and after it.
TEST_F(SlowHostLookup, CostsNoProcessorTime) {
  Executor executor("sleep 60", all_of(TcpCheck{"127.0.0.1:{port}"}, TcpCheck{"slow.test:{port}"}),
                    {.start_timeout = 1500ms});
  const auto before = ProcessorTime();
  EXPECT_THROW(executor.start(), TimeoutExpired);
  EXPECT_LT(ProcessorTime() - before, 400ms);
}

TEST_F(SlowHostLookup, DoesNotHideTheEndOfTheService) {
  NameServer::get().fail_first(1);
  TCPExecutor executor({Service("exits_with"), "--code=3", "--after-ms=50"}, "slow.test:80");
  const auto error = Thrown<ProcessExitedWithError>([&] { executor.start(); });
  EXPECT_EQ(error.exit_status().code(), 3);
  EXPECT_THAT(error.what(), HasSubstr("slow.test"));
}

}  // namespace
}  // namespace mirakuru::tests
