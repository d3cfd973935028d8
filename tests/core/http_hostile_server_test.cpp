// HttpCheck and hostile servers: whatever they send, a try takes bounded time and memory, and no
// other host gets a request.
#include <gtest/gtest.h>
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

#include "mirakuru/errors.hpp"
#include "mirakuru/http_executor.hpp"
#include "support/environment.hpp"
#include "support/memory.hpp"
#include "support/run_program.hpp"
#include "support/service.hpp"
#include "support/sockets.hpp"

namespace mirakuru::tests {
namespace {

using namespace std::chrono_literals;

constexpr char kUrl[] = "http://127.0.0.1:{port}/";

Command Server(const std::vector<std::string>& arguments) {
  std::vector<std::string> words{Service("http_server"), "--port={port}"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return words;
}

// --- time and memory

class EndlessServer : public testing::TestWithParam<const char*> {};

TEST_P(EndlessServer, TakesBoundedTimeAndMemory) {
  constexpr auto kTimeout = 1000ms;
  HTTPExecutor executor(Server({std::string("--behave=") + GetParam(), "--statuses=500"}),
                        {.url = kUrl, .method = "GET", .attempt_timeout = 300ms},
                        {.start_timeout = kTimeout});
  const Growth growth;
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THROW(executor.start(), TimeoutExpired);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, kTimeout * TimeoutScale() + 5s);
  // libcurl itself takes one or two MiB on first use.
  if (kMemoryIsOurs) {
    EXPECT_LT(growth.kib(), 6 * 1024);
  }
  RecordProperty("kib", static_cast<int>(growth.kib()));
}

INSTANTIATE_TEST_SUITE_P(All, EndlessServer,
                         testing::Values("garbage", "slow", "endless-headers", "endless-body",
                                         "endless-line", "endless-interim", "endless-trailer"),
                         [](const auto& behaviour) {
                           std::string name = behaviour.param;
                           name.erase(std::remove(name.begin(), name.end(), '-'), name.end());
                           return name;
                         });

// The control: the data that such a server sends in a moment would be noticed if it were kept.
TEST(EndlessServer, SendsMoreThanThatBound) {
  const Growth growth;
  HTTPExecutor executor(Server({"--behave=endless-body"}), {.url = kUrl, .method = "GET"});
  executor.start();
  const Finished client =
      RunToTheEnd({MIRAKURU_PYTHON, "-c",
                   "import sys, urllib.request\n"
                   "opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))\n"
                   "print(len(opener.open(sys.argv[1]).read(64 << 20)))",
                   executor.url()});
  EXPECT_EQ(client.text, std::to_string(64 << 20) + "\n");
  if (kMemoryIsOurs) {
    const std::string kept(8 << 20, 'x');
    EXPECT_GT(growth.kib(), 6 * 1024);
  }
}

// --- other hosts get no request

// Another host, 127.0.0.2, that counts connections and answers none.
class AnotherHost {
 public:
  AnotherHost() : socket_(AF_INET) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1);
    if (bind(socket_.fd(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        !socket_.listen()) {
      throw std::runtime_error("cannot listen on 127.0.0.2");
    }
  }
  std::string port() const { return std::to_string(socket_.port()); }
  int connections() const {
    int count = 0;
    pollfd readable{socket_.fd(), POLLIN, 0};
    for (; poll(&readable, 1, 0) > 0; ++count) {
      close(accept4(socket_.fd(), nullptr, nullptr, SOCK_CLOEXEC));
    }
    return count;
  }

 private:
  Socket socket_;
};

struct Redirect {
  std::string name;
  std::string status;
  std::string location;  // OTHER stands for host and port of the other host
};

void PrintTo(const Redirect& redirect, std::ostream* out) { *out << redirect.name; }

class RedirectToAnotherHost : public testing::TestWithParam<Redirect> {
 protected:
  std::string location() const {
    std::string location = GetParam().location;
    const std::string placeholder = "OTHER";
    const std::size_t at = location.find(placeholder);
    return location.replace(at, placeholder.size(), "127.0.0.2:" + other_.port());
  }
  Command server() const {
    return Server({"--statuses=" + GetParam().status, "--location=" + location()});
  }

  const AnotherHost other_;
};

TEST_P(RedirectToAnotherHost, IsNotFollowed) {
  for (const bool follow : {false, true}) {
    HTTPExecutor executor(server(), {.url = kUrl, .method = "GET", .follow_redirects = follow},
                          {.start_timeout = 200ms});
    EXPECT_THROW(executor.start(), TimeoutExpired);
    EXPECT_EQ(other_.connections(), 0) << follow;
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, RedirectToAnotherHost,
    testing::Values(Redirect{"MovedPermanently", "301", "http://OTHER/"},
                    Redirect{"Found", "302", "http://OTHER/"},
                    Redirect{"SeeOther", "303", "http://OTHER/"},
                    Redirect{"UseProxy", "305", "http://OTHER/"},
                    Redirect{"Temporary", "307", "http://OTHER/"},
                    Redirect{"Permanent", "308", "http://OTHER/"},
                    Redirect{"WithoutAScheme", "302", "//OTHER/"},
                    Redirect{"ToAUserOfOurName", "302", "http://127.0.0.1@OTHER/"},
                    Redirect{"ToAUserWithOurPort", "302", "http://127.0.0.1:{port}@OTHER/"},
                    Redirect{"WithASpace", "302", "http://OTHER/a b"}),
    [](const auto& redirect) { return redirect.param.name; });

// The control: a client that follows redirects does reach it.
TEST(AnotherHost, IsReachedByAClientThatFollowsRedirects) {
  const AnotherHost other;
  HTTPExecutor executor(
      Server({"--statuses=302", "--location=http://127.0.0.2:" + other.port() + "/"}),
      {.url = kUrl, .status = 302});
  executor.start();
  EXPECT_EQ(other.connections(), 0);
  RunToTheEnd({MIRAKURU_PYTHON, "-c",
               "import sys, urllib.request\n"
               "opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))\n"
               "opener.open(sys.argv[1], timeout=0.2)",
               executor.url()});
  EXPECT_EQ(other.connections(), 1);
}

}  // namespace
}  // namespace mirakuru::tests
