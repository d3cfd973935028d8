// {port}, {port:name}, {tmpdir} and {name} are replaced in every command, environment value, URL,
// address and path. All other braces are left alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>

#include "mirakuru/mirakuru.hpp"
#include "support/environment.hpp"
#include "support/output_of.hpp"
#include "support/service.hpp"
#include "support/sockets.hpp"
#include "support/temp_dir.hpp"
#include "support/thrown.hpp"

namespace mirakuru::tests {
namespace {

using testing::HasSubstr;

TEST(Placeholders, StandForTheSamePortWhereverTheExecutorNamesIt) {
  HTTPExecutor executor({Service("http_server"), "--port={port}"}, "http://127.0.0.1:{port}/x");
  executor.start();
  const std::string port = std::to_string(executor.port());
  EXPECT_EQ(executor.url(), "http://127.0.0.1:" + port + "/x");
  EXPECT_EQ(executor.expand("host=127.0.0.1 port={port}"), "host=127.0.0.1 port=" + port);
  EXPECT_TRUE(Connects("127.0.0.1", executor.port()));
}

TEST(Placeholders, NameFurtherPorts) {
  SimpleExecutor executor("echo {port} {port:admin} {port:admin} {port:other-1}");
  const std::string admin = std::to_string(executor.port("admin"));
  EXPECT_EQ(OutputOf(executor), std::to_string(executor.port()) + " " + admin + " " + admin + " " +
                                    std::to_string(executor.port("other-1")) + "\n");
  EXPECT_NE(executor.port(), executor.port("admin"));
  EXPECT_NE(executor.port("other-1"), executor.port("admin"));
}

TEST(Placeholders, GiveAnEmptyPrivateDirectory) {
  SimpleExecutor executor("ls -a {tmpdir}");
  EXPECT_EQ(OutputOf(executor), ".\n..\n");
  const std::string directory = executor.expand("{tmpdir}");
  struct stat status {};
  ASSERT_EQ(stat(directory.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700u);
}

TEST(Placeholders, GiveEachExecutorADirectoryOfItsOwnThatGoesWithIt) {
  std::string directory;
  {
    SimpleExecutor one("touch {tmpdir}/file");
    SimpleExecutor other("sleep 1");
    directory = one.expand("{tmpdir}");
    EXPECT_NE(directory, other.expand("{tmpdir}"));
    OutputOf(one);
    EXPECT_TRUE(std::filesystem::exists(directory + "/file"));
  }
  EXPECT_FALSE(std::filesystem::exists(directory));
}

TEST(Placeholders, KeepTheDirectoryOverARestart) {
  SimpleExecutor executor(Command::shell("echo x >> {tmpdir}/starts; cat {tmpdir}/starts"));
  OutputOf(executor);
  executor.stop();
  EXPECT_EQ(OutputOf(executor), "x\nx\n");
}

TEST(Placeholders, GiveTheName) {
  SimpleExecutor executor("echo {name}", {.name = "the api"});
  EXPECT_EQ(OutputOf(executor), "the api\n");
  SimpleExecutor unnamed("/bin/echo {name}");
  EXPECT_EQ(OutputOf(unnamed), "echo\n");
}

TEST(Placeholders, WorkInShellScripts) {
  SimpleExecutor executor(Command::shell("echo {port} {name}"));
  EXPECT_EQ(OutputOf(executor), std::to_string(executor.port()) + " sh\n");
}

TEST(Placeholders, WorkInValuesOfVariables) {
  SimpleExecutor executor("env", {.env = {{"URL", "tcp://{name}:{port}{tmpdir}"}}, .name = "api"});
  const std::string output = OutputOf(executor);
  EXPECT_THAT(output, HasSubstr(executor.expand("URL=tcp://api:{port}{tmpdir}\n")));
  EXPECT_THAT(output, testing::Not(HasSubstr("{port}")));
}

TEST(Placeholders, WorkInTheWorkingDirectory) {
  SimpleExecutor executor("pwd", {.cwd = "{tmpdir}"});
  EXPECT_EQ(OutputOf(executor),
            std::filesystem::canonical(executor.expand("{tmpdir}")).string() + "\n");
}

TEST(Placeholders, WorkInPathsOfStreams) {
  SimpleExecutor executor("echo text", {.std_out = Stream::file("{tmpdir}/{name}.log")});
  OutputOf(executor);
  EXPECT_EQ(ReadFile(executor.expand("{tmpdir}/echo.log")), "text\n");
}

TEST(Placeholders, WorkInAddresses) {
  TCPExecutor executor({Service("listens_on_port"), "--port={port:main}"}, "127.0.0.1:{port:main}");
  executor.start();
  EXPECT_TRUE(Connects("127.0.0.1", executor.port("main")));
}

TEST(Placeholders, WorkInPathsOfSockets) {
  UnixSocketExecutor executor({Service("unix_socket_listener"), "--path={tmpdir}/{name}"},
                              "{tmpdir}/{name}");
  executor.start();
  EXPECT_EQ(executor.path(), executor.expand("{tmpdir}/unix_socket_listener"));
  EXPECT_TRUE(std::filesystem::is_socket(executor.path()));
}

TEST(Placeholders, WorkInPathsOfPidFiles) {
  PidExecutor executor({Service("writes_pid_file"), "--path={tmpdir}/pid"}, "{tmpdir}/pid");
  executor.start();
  EXPECT_EQ(ReadFile(executor.path()), std::to_string(executor.pid()) + "\n");
}

TEST(Placeholders, WorkInCheckPrograms) {
  Executor executor({Service("writes_pid_file"), "--path={tmpdir}/pid"},
                    CommandCheck{{Service("succeeds_when_file_exists"), "--path={tmpdir}/pid"}});
  executor.start();
  EXPECT_TRUE(std::filesystem::exists(executor.expand("{tmpdir}/pid")));
}

class OtherBraces : public testing::TestWithParam<const char*> {};

TEST_P(OtherBraces, StayAsTheyAre) {
  const SimpleExecutor executor("sleep 1");
  EXPECT_EQ(executor.expand(GetParam()), GetParam());
}

INSTANTIATE_TEST_SUITE_P(All, OtherBraces,
                         testing::Values("", "{", "}", "{}", "{{}}", "${x}", "${HOME:-/root}",
                                         "{print $1}", "awk '{print}'",
                                         R"({"key": {"nested": [1, 2]}})", "{a,b}", "{1..3}",
                                         "{Port}", "{ port }", "{port", "port}", "{port:}",
                                         "{port:a b}", "{portable}", "{tmpdir2}", "{names}",
                                         "{port:a"));

TEST(Placeholders, AreFoundInsideOfOtherBraces) {
  const SimpleExecutor executor("sleep {port:p}");
  const std::string port = std::to_string(executor.port("p"));
  EXPECT_EQ(executor.expand(R"({"port": {port:p}})"), R"({"port": )" + port + "}");
  EXPECT_EQ(executor.expand("{{port:p}"), "{" + port);
  EXPECT_EQ(executor.expand("{port:p}}"), port + "}");
  EXPECT_EQ(executor.expand("{a{port:p}b}"), "{a" + port + "b}");
  EXPECT_EQ(executor.expand("{port:p}{port:p}"), port + port);
}

TEST(Placeholders, AreLiteralInDoubleBraces) {
  const SimpleExecutor executor("sleep 1");
  EXPECT_EQ(executor.expand("{{port}} {{tmpdir}} {{name}} {{port:x}}"),
            "{port} {tmpdir} {name} {port:x}");
}

// What was written, and what was meant.
using Misspelling = std::pair<const char*, const char*>;
class MisspelledPlaceholder : public testing::TestWithParam<Misspelling> {};

TEST_P(MisspelledPlaceholder, IsAMistakeThatNamesWhatWasMeant) {
  const auto& [word, meant] = GetParam();
  const std::string text = std::string("--x={") + word + "}";
  const auto is_told = testing::AllOf(HasSubstr(std::string("{") + word + "}"),
                                      HasSubstr(std::string("did you mean {") + meant + "}?"));
  EXPECT_THAT(Thrown<std::invalid_argument>([&] {
                SimpleExecutor({"sleep", text});
              }).what(),
              is_told);
  EXPECT_THAT(Thrown<std::invalid_argument>([&] {
                SimpleExecutor("sleep 1", {.env = {{"X", text}}});
              }).what(),
              is_told);
  EXPECT_THAT(Thrown<std::invalid_argument>([&] { PidExecutor("sleep 1", text); }).what(), is_told);
}

TEST(MisspelledPlaceholderInACheck, IsRefusedAsThePortOfAnEndpoint) {
  EXPECT_THAT(
      Thrown<std::invalid_argument>([] { Endpoint("127.0.0.1:{prot}"); }).what(),
      testing::AllOf(HasSubstr("endpoint '127.0.0.1:{prot}'"), HasSubstr("did you mean {port}?")));
}

TEST(MisspelledPlaceholderInACheck, IsRefusedInAUrl) {
  EXPECT_THAT(Thrown<std::invalid_argument>([] {
                const Check check(HttpCheck{"http://127.0.0.1:{prot}/"});
              }).what(),
              testing::AllOf(HasSubstr("HttpCheck::url"), HasSubstr("did you mean {port}?")));
}

TEST_P(MisspelledPlaceholder, IsALiteralInDoubleBraces) {
  const std::string word = std::string("{") + GetParam().first + "}";
  SimpleExecutor executor({"echo", "{" + word + "}"});
  EXPECT_EQ(OutputOf(executor), word + "\n");
}

// A shell's variable.
TEST_P(MisspelledPlaceholder, IsLeftAloneAfterADollar) {
  const std::string text = std::string("${") + GetParam().first + "}";
  SimpleExecutor executor({"echo", text});
  EXPECT_EQ(OutputOf(executor), text + "\n");
}

INSTANTIATE_TEST_SUITE_P(
    All, MisspelledPlaceholder,
    testing::Values(
        Misspelling("prot", "port"), Misspelling("prt", "port"), Misspelling("ports", "port"),
        Misspelling("Port", "port"), Misspelling("PORT", "port"), Misspelling("tmp_dir", "tmpdir"),
        Misspelling("tempdir", "tmpdir"), Misspelling("tmpdri", "tmpdir"),
        Misspelling("TMPDIR", "tmpdir"), Misspelling("nmae", "name"), Misspelling("Name", "name"),
        Misspelling("prot:admin", "port:admin"), Misspelling("port_admin", "port:admin"),
        Misspelling("port-admin", "port:admin"), Misspelling("port.admin", "port:admin")));

class OtherWords : public testing::TestWithParam<const char*> {};

TEST_P(OtherWords, AreLeftToTheCommand) {
  SimpleExecutor executor({"echo", GetParam()});
  EXPECT_EQ(OutputOf(executor), std::string(GetParam()) + "\n");
}

INSTANTIATE_TEST_SUITE_P(All, OtherWords,
                         testing::Values("{post}", "{sort}", "{part}", "{same}", "{game}", "{date}",
                                         "{id}", "{print $1}", "{portable}", "{import}", "{0}",
                                         "{tmp}", "{user:admin}", "{a,port}", "{port x}"));

// What a CommandCheck hands on of the environment is nobody's placeholder.
TEST(Placeholders, InTheInheritedEnvironmentStayAsTheyAre) {
  const ScopedVariable variable("LOOKS_LIKE_ONE", "{prot} {port:x} {{port}}");
  Executor executor(Command::shell("exec sleep 60"),
                    CommandCheck{Command::shell("test \"$LOOKS_LIKE_ONE\" = "
                                                "'{{prot}} {{port:x}} {{{port}}}'")});
  EXPECT_NO_THROW(executor.start());
}

TEST(Placeholders, DoNotFillInWhatAValueHolds) {
  const SimpleExecutor executor("sleep 1", {.name = "{port}"});
  EXPECT_EQ(executor.expand("{name}"), "{port}");
}

TEST(Placeholders, ReachTheServiceWithOtherBracesUntouched) {
  SimpleExecutor executor(Command::shell("x=1; echo ${x} | awk '{print $1 \"{}\"}'"));
  EXPECT_EQ(OutputOf(executor), "1{}\n");
}

}  // namespace
}  // namespace mirakuru::tests
