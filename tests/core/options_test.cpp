// Invalid arguments throw std::invalid_argument when the executor is created, with a message that
// says what is wrong and where. Nothing is started.
#include "mirakuru/options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "mirakuru/mirakuru.hpp"
#include "support/thrown.hpp"

namespace mirakuru::tests {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

struct Mistake {
  std::string name;
  std::function<void()> make;
  std::vector<std::string> expected;  // what the message must contain
};

void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.name; }

class CallersMistake : public testing::TestWithParam<Mistake> {};

TEST_P(CallersMistake, IsRefusedWhenMadeAndNamed) {
  const auto error = Thrown<std::invalid_argument>(GetParam().make);
  for (const std::string& part : GetParam().expected) EXPECT_THAT(error.what(), HasSubstr(part));
}

std::string NameOf(const testing::TestParamInfo<Mistake>& info) { return info.param.name; }

void Make(const Options& options) { SimpleExecutor("sleep 1", options); }

INSTANTIATE_TEST_SUITE_P(
    InCommands, CallersMistake,
    testing::Values(Mistake{"EmptyLine", [] { SimpleExecutor executor(""); }, {"command", "empty"}},
                    Mistake{"UnclosedQuote",
                            [] { SimpleExecutor executor("sleep '1"); },
                            {"command", "single quote", "sleep '1", "^"}},
                    Mistake{"InTheCheckProgram",
                            [] { Executor("sleep 1", CommandCheck{"pg_isready \"-p"}); },
                            {"command", "double quote", "pg_isready \"-p"}}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    InOptions, CallersMistake,
    testing::Values(
        Mistake{"NegativeStartTimeout",
                [] { Make({.start_timeout = -1ms}); },
                {"sleep", "start_timeout", "-1"}},
        Mistake{"ZeroStartTimeout",
                [] { Make({.start_timeout = 0ms}); },
                {"sleep", "start_timeout", "0 ms"}},
        Mistake{"NegativeStopTimeout",
                [] { Make({.stop_timeout = -5ms}); },
                {"sleep", "stop_timeout", "-5"}},
        Mistake{"NoSuchStopSignal", [] { Make({.stop_signal = 0}); }, {"stop_signal", "0"}},
        Mistake{"NoSuchKillSignal", [] { Make({.kill_signal = 1000}); }, {"kill_signal", "1000"}},
        Mistake{"ZeroStartAttempts", [] { Make({.start_attempts = 0}); }, {"start_attempts", "0"}},
        Mistake{"EmptyVariableName",
                [] {
                  Make({.env = {{"", "value"}}});
                },
                {"env"}},
        Mistake{"VariableNameWithEquals",
                [] {
                  Make({.env = {{"A=B", "value"}}});
                },
                {"env", "A=B"}},
        Mistake{"VariableValueWithNul",
                [] {
                  Make({.env = {{"A", std::string("x\0y", 3)}}});
                },
                {"env", "A", "NUL"}},
        Mistake{"NamesTheExecutorAsTold",
                [] { Make({.start_timeout = -1ms, .name = "the api"}); },
                {"the api", "start_timeout"}}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    InStreams, CallersMistake,
    testing::Values(
        Mistake{"FileWithoutName", [] { Stream::file(""); }, {"Stream::file", "empty"}},
        Mistake{"StdinCaptured", [] { Make({.std_in = Stream::capture()}); }, {"std_in"}},
        Mistake{"StdoutAsPipe", [] { Make({.std_out = Stream::pipe()}); }, {"std_out"}},
        Mistake{"StdoutIntoItself", [] { Make({.std_out = Stream::to_stdout()}); }, {"std_out"}},
        Mistake{"StderrAsPipe", [] { Make({.std_err = Stream::pipe()}); }, {"std_err"}}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    InEndpoints, CallersMistake,
    testing::Values(
        Mistake{"PortZero", [] { Endpoint("127.0.0.1", 0); }, {"port", "0"}},
        Mistake{"PortTooLarge", [] { Endpoint("127.0.0.1", 70000); }, {"port", "70000"}},
        Mistake{"NegativePort", [] { Endpoint("127.0.0.1", -1); }, {"port", "-1"}},
        Mistake{"PortZeroInText", [] { Endpoint("127.0.0.1:0"); }, {"127.0.0.1:0"}},
        Mistake{"PortTooLargeInText", [] { Endpoint("127.0.0.1:70000"); }, {"127.0.0.1:70000"}},
        Mistake{"HugePortInText",
                [] { Endpoint("127.0.0.1:99999999999999999999"); },
                {"99999999999999999999"}},
        Mistake{"NoPort", [] { Endpoint("127.0.0.1"); }, {"127.0.0.1", "port"}},
        Mistake{"EmptyPort", [] { Endpoint("127.0.0.1:"); }, {"127.0.0.1:", "port"}},
        Mistake{"PortInLetters", [] { Endpoint("127.0.0.1:http"); }, {"127.0.0.1:http"}},
        Mistake{"PortWithSign", [] { Endpoint("127.0.0.1:+80"); }, {"127.0.0.1:+80"}},
        Mistake{"EmptyAddress", [] { Endpoint(""); }, {"host:port"}},
        Mistake{"EmptyHost", [] { Endpoint(":80"); }, {":80", "host"}},
        Mistake{"EmptyHostBesidePort", [] { Endpoint("", 80); }, {"host"}},
        Mistake{"UnclosedBracket", [] { Endpoint("[::1:80"); }, {"[::1:80"}},
        Mistake{"IPv6WithoutBrackets", [] { Endpoint("::1:80"); }, {"::1:80"}},
        Mistake{"OfAnExecutor",
                [] { TCPExecutor("sleep 1", "127.0.0.1:70000"); },
                {"127.0.0.1:70000"}}),
    NameOf);

void MakeHttp(const HttpCheck& check) { HTTPExecutor("sleep 1", check); }

INSTANTIATE_TEST_SUITE_P(
    InHttpChecks, CallersMistake,
    testing::Values(
        Mistake{"EmptyUrl", [] { HTTPExecutor("sleep 1", ""); }, {"url", "empty"}},
        Mistake{"NoUrl", [] { HTTPExecutor("sleep 1", "not a url"); }, {"not a url"}},
        Mistake{"OtherScheme",
                [] { HTTPExecutor("sleep 1", "ftp://127.0.0.1/"); },
                {"ftp://127.0.0.1/", "http"}},
        Mistake{"NoScheme", [] { HTTPExecutor("sleep 1", "127.0.0.1:80/"); }, {"127.0.0.1:80/"}},
        Mistake{"NoHost", [] { HTTPExecutor("sleep 1", "http://"); }, {"http://"}},
        Mistake{"PortZeroInUrl",
                [] { HTTPExecutor("sleep 1", "http://127.0.0.1:0/"); },
                {"http://127.0.0.1:0/"}},
        Mistake{"PortTooLargeInUrl",
                [] { HTTPExecutor("sleep 1", "http://127.0.0.1:70000/"); },
                {"http://127.0.0.1:70000/"}},
        Mistake{"UnclosedBracketInUrl",
                [] { HTTPExecutor("sleep 1", "http://[::1/"); },
                {"http://[::1/"}},
        Mistake{"BadUrlWithPlaceholder",
                [] { HTTPExecutor("sleep 1", "gopher://127.0.0.1:{port}/"); },
                {"gopher://127.0.0.1:{port}/"}},
        Mistake{"StatusOfTwoDigits", [] { HttpStatus(99); }, {"status", "99"}},
        Mistake{"StatusOfFourDigits", [] { HttpStatus(1000); }, {"status", "1000"}},
        Mistake{"BadStatusExpression",
                [] { MakeHttp({.url = "http://127.0.0.1/", .status = "(200|404"}); },
                {"status", "(200|404"}},
        Mistake{"EmptyMethod",
                [] { MakeHttp({.url = "http://127.0.0.1/", .method = ""}); },
                {"method"}},
        Mistake{"MethodWithSpace",
                [] { MakeHttp({.url = "http://127.0.0.1/", .method = "GET /evil"}); },
                {"method", "GET /evil"}},
        Mistake{"HeaderWithNewline",
                [] {
                  MakeHttp({.url = "http://127.0.0.1/", .headers = {{"A", "b\r\nC: d"}}});
                },
                {"header", "A"}},
        Mistake{"HeaderWithoutName",
                [] {
                  MakeHttp({.url = "http://127.0.0.1/", .headers = {{"", "b"}}});
                },
                {"header"}},
        Mistake{"PayloadAndBody",
                [] {
                  MakeHttp({.url = "http://127.0.0.1/",
                            .method = "POST",
                            .payload = {{"a", "b"}},
                            .body = "c"});
                },
                {"payload", "body"}},
        Mistake{"HeadWithBody",
                [] { MakeHttp({.url = "http://127.0.0.1/", .body = "c"}); },
                {"HEAD", "POST"}},
        Mistake{"ZeroAttemptTimeout",
                [] { MakeHttp({.url = "http://127.0.0.1/", .attempt_timeout = 0ms}); },
                {"attempt_timeout"}}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    InOtherChecks, CallersMistake,
    testing::Values(
        Mistake{"EmptyBanner", [] { OutputExecutor("sleep 1", ""); }, {"banner", "empty"}},
        Mistake{"BadBanner", [] { OutputExecutor("sleep 1", "ready ("); }, {"banner", "ready ("}},
        Mistake{"BadFailOn",
                [] { OutputExecutor("sleep 1", {.banner = "a", .fail_on = "[z-"}); },
                {"fail_on", "[z-"}},
        Mistake{"ZeroTimes",
                [] { OutputExecutor("sleep 1", {.banner = "a", .times = 0}); },
                {"times", "0"}},
        Mistake{"NegativeTimes",
                [] { OutputExecutor("sleep 1", {.banner = "a", .times = -2}); },
                {"times", "-2"}},
        Mistake{"NoStreamIsCaptured",
                [] {
                  OutputExecutor("sleep 1", "ready",
                                 {.std_out = Stream::null(), .std_err = Stream::to_stdout()});
                },
                {"stdout", "Stream::capture()"}},
        Mistake{"TheChosenStreamIsNotCaptured",
                [] {
                  OutputExecutor("sleep 1", {.banner = "ready", .from = OutputCheck::From::std_err},
                                 {.std_err = Stream::inherit()});
                },
                {"stderr", "Stream::capture()"}},
        Mistake{"EmptyPidFile", [] { PidExecutor("sleep 1", ""); }, {"empty"}},
        Mistake{"EmptyPathOfPidFile", [] { Executor("sleep 1", PidFileCheck{""}); }, {"empty"}},
        Mistake{"EmptyFile", [] { Executor("sleep 1", FileCheck{""}); }, {"FileCheck", "empty"}},
        Mistake{"EmptySocket", [] { UnixSocketExecutor("sleep 1", ""); }, {"empty"}},
        Mistake{"SocketPathTooLong",
                [] { UnixSocketExecutor("sleep 1", "/tmp/" + std::string(104, 's')); },
                {"107", "ssss"}},
        Mistake{
            "ZeroAttemptTimeoutOfCheckProgram",
            [] { Executor("sleep 1", CommandCheck{.command = "true", .attempt_timeout = 0ms}); },
            {"attempt_timeout"}},
        Mistake{"AllOfNothing", [] { all_of(std::vector<Check>{}); }, {"all_of"}},
        Mistake{"AnyOfNothing", [] { any_of(std::vector<Check>{}); }, {"any_of"}},
        Mistake{"EmptyFunction", [] { Check(std::function<bool()>()); }, {"check"}},
        Mistake{"MistakeInsideOfACombination",
                [] { all_of(OutputCheck{"fine"}, any_of(FileCheck{"/fine"}, TcpCheck{"host:0"})); },
                {"host:0"}}),
    NameOf);

TEST(Options, HaveTheDocumentedDefaults) {
  const Options options;
  EXPECT_EQ(options.start_timeout, 60s);
  EXPECT_EQ(options.stop_timeout, 10s);
  EXPECT_EQ(options.stop_signal, SIGTERM);
  EXPECT_EQ(options.kill_signal, SIGKILL);
  EXPECT_FALSE(options.expected_returncode);
  EXPECT_TRUE(options.inherit_env);
  EXPECT_TRUE(options.verify_listener);
  EXPECT_FALSE(options.launcher);
  EXPECT_FALSE(options.start_attempts);
  EXPECT_EQ(options.std_in.kind(), Stream::Kind::pipe);
  EXPECT_EQ(options.std_out.kind(), Stream::Kind::capture);
  EXPECT_EQ(options.std_err.kind(), Stream::Kind::capture);
  EXPECT_EQ(options.std_out.limit(), 64u << 20);
}

TEST(Options, AreReadableFromTheExecutor) {
  const SimpleExecutor executor("sleep 1", {.stop_timeout = 3s, .name = "sleeper"});
  EXPECT_EQ(executor.options().stop_timeout, 3s);
  EXPECT_EQ(executor.name(), "sleeper");
  EXPECT_EQ(executor.command().to_string(), "sleep 1");
}

TEST(Options, NameTheExecutorAfterItsProgramByDefault) {
  EXPECT_EQ(SimpleExecutor("/usr/bin/sleep 1").name(), "sleep");
}

TEST(Endpoints, AreReadFromText) {
  EXPECT_EQ(Endpoint("127.0.0.1:80").host(), "127.0.0.1");
  EXPECT_EQ(Endpoint("127.0.0.1:80").port(), "80");
  EXPECT_EQ(Endpoint("[::1]:65535").host(), "::1");
  EXPECT_EQ(Endpoint("[::1]:65535").port(), "65535");
  EXPECT_EQ(Endpoint("localhost:{port}").port(), "{port}");
  EXPECT_EQ(Endpoint("localhost:{port:admin}").port(), "{port:admin}");
  EXPECT_EQ(Endpoint("localhost", 1).port(), "1");
}

TEST(Endpoints, PrintAsTheyCouldBeRead) {
  EXPECT_EQ(Endpoint("::1", 80).to_string(), "[::1]:80");
  EXPECT_EQ(Endpoint("localhost:{port}").to_string(), "localhost:{port}");
}

TEST(HttpStatuses, AreNumbersOrExpressions) {
  EXPECT_EQ(HttpStatus(404).expression(), "404");
  EXPECT_EQ(HttpStatus("(200|404)").expression(), "(200|404)");
}

TEST(Forever, IsAStartTimeoutLikeAnyOther) { EXPECT_NO_THROW(Make({.start_timeout = forever})); }

}  // namespace
}  // namespace mirakuru::tests
