// HTTPExecutor: ready when the expected answer comes. Whatever else a server does, every try has a
// time limit, and the last answer is reported.
#include "mirakuru/http_executor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "mirakuru/errors.hpp"
#include "support/child_program.hpp"
#include "support/environment.hpp"
#include "support/leftovers.hpp"
#include "support/service.hpp"
#include "support/sockets.hpp"
#include "support/temp_dir.hpp"
#include "support/text.hpp"
#include "support/thrown.hpp"

namespace mirakuru::tests {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

constexpr char kUrl[] = "http://127.0.0.1:{port}/";

// A server on {port} that records its requests in {tmpdir}/requests.
Command Server(const std::vector<std::string>& arguments = {}) {
  std::vector<std::string> words = {Service("http_server"), "--port={port}",
                                    "--record={tmpdir}/requests"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return Command(words);
}

std::string RequestsOf(const SimpleExecutor& executor) {
  return ReadFile(executor.expand("{tmpdir}/requests"));
}

std::string TimeoutOf(HTTPExecutor& executor) {
  return Thrown<TimeoutExpired>([&] { executor.start(); }).what();
}

TEST(HTTPExecutor, AsksForTheHeadAndWantsSuccess) {
  HTTPExecutor executor(Server(), kUrl);
  executor.start();
  EXPECT_THAT(RequestsOf(executor), StartsWith("HEAD / HTTP/1.1\r\n"));
  EXPECT_EQ(executor.url(), executor.expand(kUrl));
}

TEST(HTTPExecutor, AsksOnceIfTheFirstAnswerIsGood) {
  HTTPExecutor executor(Server({"--after-ms=30"}), kUrl);
  executor.start();
  EXPECT_EQ(Count(RequestsOf(executor), "HEAD / "), 1);
}

TEST(HTTPExecutor, KeepsPathAndQuery) {
  HTTPExecutor executor(Server(), "http://127.0.0.1:{port}/health/x?deep=yes&a=b%20c");
  executor.start();
  EXPECT_THAT(RequestsOf(executor), StartsWith("HEAD /health/x?deep=yes&a=b%20c HTTP/1.1\r\n"));
}

TEST(HTTPExecutor, AddsThePathThatAUrlMayLack) {
  HTTPExecutor executor(Server(), "http://127.0.0.1:{port}?x=y");
  executor.start();
  EXPECT_THAT(RequestsOf(executor), StartsWith("HEAD /?x=y HTTP/1.1\r\n"));
}

TEST(HTTPExecutor, SendsTheGivenMethod) {
  for (const std::string method : {"GET", "POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"}) {
    HTTPExecutor executor(Server(), {.url = kUrl, .method = method});
    executor.start();
    EXPECT_THAT(RequestsOf(executor), StartsWith(method + " / HTTP/1.1\r\n"));
  }
}

TEST(HTTPExecutor, SendsHeaders) {
  HTTPExecutor executor(
      Server(),
      {.url = kUrl, .headers = {{"Accept", "text/x-test"}, {"X-Empty", ""}, {"X-A", "b c"}}});
  executor.start();
  EXPECT_THAT(RequestsOf(executor),
              AllOf(HasSubstr("Accept: text/x-test\r\n"), HasSubstr("X-A: b c\r\n"),
                    HasSubstr("X-Empty:"), Not(HasSubstr("*/*"))));
}

TEST(HTTPExecutor, SendsAPayloadAsAForm) {
  HTTPExecutor executor(
      Server(),
      {.url = kUrl, .method = "POST", .payload = {{"key", "hole"}, {"a b", "c&d=\xc3\xbc"}}});
  executor.start();
  EXPECT_THAT(RequestsOf(executor),
              AllOf(StartsWith("POST / HTTP/1.1\r\n"),
                    HasSubstr("Content-Type: application/x-www-form-urlencoded\r\n"),
                    testing::AnyOf(EndsWith("\r\n\r\nkey=hole&a%20b=c%26d%3D%C3%BC\n"),
                                   EndsWith("\r\n\r\nkey=hole&a+b=c%26d%3D%C3%BC\n"))));
}

TEST(HTTPExecutor, SendsABodyAsItIs) {
  HTTPExecutor executor(Server(), {.url = kUrl,
                                   .method = "PUT",
                                   .headers = {{"Content-Type", "application/json"}},
                                   .body = R"({"key": "&%20"})"});
  executor.start();
  EXPECT_THAT(RequestsOf(executor),
              AllOf(StartsWith("PUT / HTTP/1.1\r\n"), HasSubstr("Content-Length: 15\r\n"),
                    HasSubstr("Content-Type: application/json\r\n"),
                    EndsWith("\r\n\r\n{\"key\": \"&%20\"}\n")));
}

// By default, curl sends "Expect: 100-continue" and waits for a second.
TEST(HTTPExecutor, SendsALargeBodyAtOnce) {
  const std::string body(100000, 'b');
  HTTPExecutor executor(Server(), {.url = kUrl, .method = "POST", .body = body});
  executor.start();
  EXPECT_THAT(RequestsOf(executor), AllOf(Not(HasSubstr("Expect:")), EndsWith(body + "\n")));
}

TEST(HTTPExecutor, TriesAgainUntilTheStatusIsRight) {
  HTTPExecutor executor(Server({"--statuses=500,503,404,200"}), kUrl);
  executor.start();
  EXPECT_EQ(Count(RequestsOf(executor), "HEAD / "), 4);
}

TEST(HTTPExecutor, WantsTheGivenStatus) {
  HTTPExecutor number(Server({"--statuses=200,404"}), {.url = kUrl, .status = 404});
  EXPECT_NO_THROW(number.start());
  HTTPExecutor expression(Server({"--statuses=500,302"}), {.url = kUrl, .status = "(2|3).."});
  EXPECT_NO_THROW(expression.start());
  HTTPExecutor text(Server({"--statuses=418"}), {.url = kUrl, .status = "418"});
  EXPECT_NO_THROW(text.start());
}

TEST(HTTPExecutor, MatchesTheStatusAsAWhole) {
  HTTPExecutor executor(Server({"--statuses=404"}), {.url = kUrl, .status = "4"},
                        {.start_timeout = 300ms});
  EXPECT_THAT(TimeoutOf(executor), AllOf(HasSubstr("404"), HasSubstr("4")));
}

TEST(HTTPExecutor, ReportsTheStatusThatKeptComing) {
  HTTPExecutor executor(Server({"--statuses=500"}), kUrl, {.start_timeout = 300ms});
  EXPECT_THAT(TimeoutOf(executor), AllOf(HasSubstr("500"), HasSubstr(executor.url()),
                                         HasSubstr("HEAD"), HasSubstr(InWords(300ms))));
}

TEST(HTTPExecutor, ReportsThatNobodyListens) {
  HTTPExecutor executor("sleep 60 {port}", kUrl, {.start_timeout = 300ms});
  EXPECT_THAT(TimeoutOf(executor),
              AllOf(HasSubstr(executor.url()), HasSubstr("onnection refused")));
}

// --- servers that do not answer correctly

struct Behaviour {
  std::string name;
  std::string expected;  // what the error must contain besides the URL
};

void PrintTo(const Behaviour& behaviour, std::ostream* out) { *out << behaviour.name; }

class BadServer : public testing::TestWithParam<Behaviour> {};

TEST_P(BadServer, IsTriedAgainAndReported) {
  const Mark mark;
  HTTPExecutor executor(Server({"--behave=" + GetParam().name, mark.argument()}),
                        {.url = kUrl, .method = "GET", .attempt_timeout = 50ms},
                        {.start_timeout = 300ms});
  EXPECT_THAT(TimeoutOf(executor),
              AllOf(HasSubstr(executor.url()), HasSubstr(GetParam().expected)));
  EXPECT_GT(Count(RequestsOf(executor), "GET / "), 1) << "tried once only";
  EXPECT_THAT(mark.processes(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(All, BadServer,
                         testing::Values(Behaviour{"garbage", ""},
                                         Behaviour{"silent", InWords(50ms)},
                                         Behaviour{"endless-headers", ""},
                                         Behaviour{"slow", InWords(50ms)},
                                         Behaviour{"hangs-up", ""}),
                         [](const auto& behaviour) {
                           std::string name = behaviour.param.name;
                           name.erase(std::remove(name.begin(), name.end(), '-'), name.end());
                           return name;
                         });

TEST(HTTPExecutor, BoundsATryByTheDeadlineToo) {
  HTTPExecutor executor(Server({"--behave=silent"}), {.url = kUrl, .attempt_timeout = 60s},
                        {.start_timeout = 300ms});
  const auto begin = std::chrono::steady_clock::now();
  TimeoutOf(executor);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 300ms * TimeoutScale() + 5s);
}

// The status is known: the rest need not be read, even if it is endless.
TEST(HTTPExecutor, IsReadyWithoutReadingAnEndlessBody) {
  HTTPExecutor executor(Server({"--behave=endless-body"}), {.url = kUrl, .method = "GET"});
  EXPECT_NO_THROW(executor.start());
}

// The connection stays open: a child of the server holds it.
TEST(HTTPExecutor, NoticesAtOnceThatTheServerEndedDuringATry) {
  HTTPExecutor executor(Server({"--behave=dies"}), {.url = kUrl, .attempt_timeout = forever},
                        {.start_timeout = forever});
  const auto error = Thrown<ProcessExitedWithError>([&] { executor.start(); });
  EXPECT_EQ(error.exit_status().code(), 3);
  EXPECT_FALSE(executor.running());
}

// --- redirects and proxies

TEST(HTTPExecutor, DoesNotFollowRedirectsUnlessAsked) {
  HTTPExecutor executor(Server({"--statuses=302,200", "--location=/elsewhere"}), kUrl);
  executor.start();
  EXPECT_THAT(RequestsOf(executor), Not(HasSubstr("/elsewhere")));
}

TEST(HTTPExecutor, TakesARedirectForWhatItIs) {
  HTTPExecutor executor(Server({"--statuses=302", "--location=/elsewhere"}), kUrl,
                        {.start_timeout = 300ms});
  EXPECT_THAT(TimeoutOf(executor), HasSubstr("302"));
}

TEST(HTTPExecutor, FollowsRedirectsIfAsked) {
  HTTPExecutor executor(Server({"--statuses=302,200", "--location=/elsewhere"}),
                        {.url = kUrl, .follow_redirects = true});
  executor.start();
  EXPECT_THAT(RequestsOf(executor), HasSubstr("HEAD /elsewhere HTTP/1.1\r\n"));
}

TEST(HTTPExecutor, FollowsRedirectsToAnotherPortOfTheSameHost) {
  HTTPExecutor executor(
      Command::shell(Service("http_server") + " --port={port:moved} --record={tmpdir}/moved & " +
                     "exec " + Service("http_server") + " --port={port} --statuses=302 " +
                     "--location=http://127.0.0.1:{port:moved}/there"),
      {.url = kUrl, .follow_redirects = true});
  executor.start();
  EXPECT_THAT(ReadFile(executor.expand("{tmpdir}/moved")), StartsWith("HEAD /there HTTP/1.1\r\n"));
}

TEST(HTTPExecutor, FollowsNoRedirectToAnotherHost) {
  const TempDir directory;
  const FreePort port;
  ChildProgram other({Service("http_server"), "--host=127.0.0.2", "--port=" + port.text(),
                      "--record=" + (directory / "requests")});
  ASSERT_TRUE(WaitUntil([&] { return Connects("127.0.0.2", port.number()); }));
  const std::string location = "http://127.0.0.2:" + port.text() + "/";
  HTTPExecutor executor(Server({"--statuses=302", "--location=" + location}),
                        {.url = kUrl, .follow_redirects = true}, {.start_timeout = 300ms});
  EXPECT_THAT(TimeoutOf(executor), HasSubstr(location));
  EXPECT_EQ(ReadFile(directory / "requests"), "");
}

TEST(HTTPExecutor, DoesNotFollowEndlessRedirects) {
  HTTPExecutor executor(Server({"--statuses=302", "--location=/again"}),
                        {.url = kUrl, .follow_redirects = true}, {.start_timeout = 300ms});
  EXPECT_THAT(TimeoutOf(executor), HasSubstr("redirect"));
}

TEST(HTTPExecutor, UsesNoProxy) {
  const FreePort nobody;
  const std::string proxy = "http://127.0.0.1:" + nobody.text();
  const ScopedVariable lower("http_proxy", proxy);
  const ScopedVariable upper("HTTP_PROXY", proxy);
  const ScopedVariable all("ALL_PROXY", proxy);
  const ScopedVariable none("no_proxy", "");
  HTTPExecutor executor(Server(), kUrl, {.start_timeout = 5s});
  EXPECT_NO_THROW(executor.start());
}

// --- foreign processes

TEST(HTTPExecutor, RefusesToStartIfAnotherProgramAnswers) {
  const Mark mark;
  const FreePort port;
  ChildProgram foreign({Service("http_server"), "--port=" + port.text()});
  ASSERT_TRUE(WaitUntil([&] { return Connects("127.0.0.1", port.number()); }));
  HTTPExecutor executor({Service("ignores_sigterm"), mark.argument()},
                        "http://127.0.0.1:" + port.text() + "/");
  const auto error = Thrown<AlreadyRunning>([&] { executor.start(); });
  EXPECT_THAT(error.what(),
              AllOf(HasSubstr(std::to_string(foreign.pid())), HasSubstr("http_server")));
  EXPECT_THAT(mark.processes(), IsEmpty());
}

// The port is in use: the service could not listen, whatever the foreign process answers.
TEST(HTTPExecutor, RefusesToStartIfTheAnswerIsNotEvenHttp) {
  const Socket foreign = Listener();
  HTTPExecutor executor("sleep 60", "http://127.0.0.1:" + std::to_string(foreign.port()) + "/");
  const auto error = Thrown<AlreadyRunning>([&] { executor.start(); });
  EXPECT_THAT(error.what(), HasSubstr(std::to_string(getpid())));
}

TEST(HTTPExecutor, SpeaksIPv6) {
  HTTPExecutor executor(Server({"--host=::1"}), "http://[::1]:{port}/");
  EXPECT_NO_THROW(executor.start());
}

TEST(HTTPExecutor, SpeaksOverAUnixSocket) {
  HTTPExecutor executor(Server({"--unix-socket={tmpdir}/socket", "--after-ms=30"}),
                        {.url = "http://api.example/health?x=y", .unix_socket = "{tmpdir}/socket"});
  executor.start();
  EXPECT_THAT(RequestsOf(executor), AllOf(StartsWith("HEAD /health?x=y HTTP/1.1\r\n"),
                                          HasSubstr("Host: api.example\r\n")));
}

TEST(HTTPExecutor, ReportsTheAnswerOverAUnixSocket) {
  HTTPExecutor executor(Server({"--unix-socket={tmpdir}/socket", "--statuses=503"}),
                        {.url = "http://localhost/", .unix_socket = "{tmpdir}/socket"},
                        {.start_timeout = 300ms});
  EXPECT_THAT(TimeoutOf(executor),
              AllOf(HasSubstr("503"), HasSubstr(executor.expand("{tmpdir}/socket"))));
}

// --- https

class HTTPSExecutor : public testing::Test {
 protected:
  void SetUp() override {
    ChildProgram openssl({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                          "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                          "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                          "-keyout", directory_ / "key.pem", "-out",
                          directory_ / "certificate.pem"});
    ASSERT_EQ(openssl.wait_for_end(), 0) << openssl.text();
  }

  // It answers GET only.
  HttpCheck check(const std::string& host = "127.0.0.1") const {
    return {.url = "https://" + host + ":{port}/", .method = "GET"};
  }

  Command secure_server() const {
    return Command({"openssl", "s_server", "-accept", "127.0.0.1:{port}", "-www", "-key",
                    directory_ / "key.pem", "-cert", directory_ / "certificate.pem"});
  }

  const TempDir directory_;
};

TEST_F(HTTPSExecutor, TrustsTheGivenAuthority) {
  for (const std::string host : {"127.0.0.1", "localhost"}) {
    HttpCheck https = check(host);
    https.ca_file = directory_ / "certificate.pem";
    HTTPExecutor executor(secure_server(), https);
    EXPECT_NO_THROW(executor.start()) << host;
  }
}

TEST_F(HTTPSExecutor, RefusesUntrustedCertificatesByDefault) {
  HTTPExecutor executor(secure_server(), check(), {.start_timeout = 400ms});
  EXPECT_THAT(TimeoutOf(executor), HasSubstr("certificate"));
}

TEST_F(HTTPSExecutor, RefusesACertificateForAnotherName) {
  HttpCheck https = check("127.0.0.2");
  https.ca_file = directory_ / "certificate.pem";
  Command server({"openssl", "s_server", "-accept", "127.0.0.2:{port}", "-www", "-key",
                  directory_ / "key.pem", "-cert", directory_ / "certificate.pem"});
  HTTPExecutor executor(server, https, {.start_timeout = 400ms});
  EXPECT_THAT(TimeoutOf(executor), HasSubstr("127.0.0.2"));
}

TEST_F(HTTPSExecutor, AcceptsAnyCertificateWithoutVerification) {
  HttpCheck https = check();
  https.verify_certificate = false;
  HTTPExecutor executor(secure_server(), https);
  EXPECT_NO_THROW(executor.start());
}

TEST_F(HTTPSExecutor, ReportsThatTheAuthorityCannotBeRead) {
  HttpCheck https = check();
  https.ca_file = directory_ / "missing.pem";
  HTTPExecutor executor(secure_server(), https, {.start_timeout = 400ms});
  EXPECT_THAT(TimeoutOf(executor), HasSubstr("missing.pem"));
}

// At the deadline, the report shows the request that is still running.
TEST(HTTPExecutor, ReportsAServerThatAcceptsAndNeverAnswers) {
  // It listens, and that is all: the kernel accepts.
  HTTPExecutor executor({"python3", "-c",
                         "import socket, time; s = socket.create_server(('127.0.0.1', {port})); "
                         "time.sleep(60)"},
                        kUrl, {.start_timeout = 1s});
  EXPECT_THAT(TimeoutOf(executor), AllOf(HasSubstr("last try:   connected to 127.0.0.1 port "),
                                         HasSubstr(", no answer for "), Not(HasSubstr("refused"))));
}

}  // namespace
}  // namespace mirakuru::tests
