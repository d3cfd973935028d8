// Other users of the machine, and the `mirakuru` command: each sees, stops and reads what is the
// user's own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "run.hpp"
#include "support/other_user.hpp"
#include "support/sockets.hpp"

namespace mirakuru::tests {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

// Two users who both have the command and a service, which they can reach in a directory of the
// test's.
class OtherUsersOfTheCommand : public OtherUsersTest {
 protected:
  void SetUp() override {
    OtherUsersTest::SetUp();
    open_to_all(directory_.path());
    fs::copy_file(MIRAKURU_COMMAND, directory_ / "mirakuru");
    fs::copy_file(Service("does_as_told"), directory_ / "does_as_told");
  }
  void TearDown() override {
    for (const OtherUser* user : {&one_, &other_}) mirakuru(*user, {"down"});
    EXPECT_TRUE(mark_.gone_within(std::chrono::seconds(10)));
  }

  Finished mirakuru(const OtherUser& user, const Words& words,
                    const Variables& variables = {}) const {
    return user.runs(Words{directory_ / "mirakuru"} + words, variables);
  }
  Finished up(const OtherUser& user, const Words& options = {}) const {
    return mirakuru(user, Words{"up"} + options +
                              Words{"--name=twin", "--ready=output:ready", "--",
                                    directory_ / "does_as_told", mark_.argument()});
  }
  int pid_of_twin(const OtherUser& user) const {
    return std::atoi(mirakuru(user, {"print", "twin", "pid"}).text.c_str());
  }

  static void open_to_all(const std::string& path) { ASSERT_EQ(chmod(path.c_str(), 0777), 0); }
  std::string path(const std::string& name) const { return directory_ / name; }

  const OtherUser one_;
  const OtherUser other_;

 private:
  const TempDir directory_;
  const Mark mark_;
};

TEST_F(OtherUsersOfTheCommand, RunServicesOfTheSameNameAtOnce) {
  for (const OtherUser* user : {&one_, &other_}) {
    const Finished start = up(*user);
    ASSERT_EQ(start.exit_code, 0) << start.text;
  }
  const int of_one = pid_of_twin(one_);
  const int of_other = pid_of_twin(other_);
  ASSERT_TRUE(Lives(of_one) && Lives(of_other));
  EXPECT_NE(of_one, of_other);

  EXPECT_EQ(mirakuru(other_, {"down", "twin"}).text, "twin is stopped\n");
  EXPECT_FALSE(Lives(of_other));
  EXPECT_TRUE(Lives(of_one));
  EXPECT_EQ(mirakuru(other_, {"down", "twin"}).text, "twin is not running\n");
  EXPECT_TRUE(Lives(of_one));
}

TEST_F(OtherUsersOfTheCommand, NeitherSeeNorStopOurs) {
  ASSERT_EQ(up(one_).exit_code, 0);
  const int pid = pid_of_twin(one_);
  const std::string shown = " " + std::to_string(pid) + " ";
  // The directory's name is no secret.
  for (const Words& directory : {Words{}, Words{"--directory=" + one_.own_directory()}}) {
    EXPECT_THAT(mirakuru(other_, Words{"ps"} + directory).text, Not(HasSubstr(shown)));
    EXPECT_NE(mirakuru(other_, Words{"print"} + directory + Words{"twin"}).exit_code, 0);
    EXPECT_NE(mirakuru(other_, Words{"logs"} + directory + Words{"twin"}).exit_code, 0);
    EXPECT_EQ(mirakuru(other_, Words{"down"} + directory + Words{"twin"}).text,
              "twin is not running\n");
    mirakuru(other_, Words{"down"} + directory);
  }
  EXPECT_THAT(mirakuru(other_, {"reap"}).text, Not(HasSubstr(std::to_string(pid))));
  EXPECT_TRUE(Lives(pid));

  // The control: all of that works for the user whose it is.
  EXPECT_THAT(mirakuru(one_, {"ps"}).text, HasSubstr(shown));
  EXPECT_EQ(mirakuru(one_, {"logs", "twin"}).text, "ready\n");
  EXPECT_EQ(mirakuru(one_, {"down"}).text, "twin is stopped\n");
  EXPECT_FALSE(Lives(pid));
}

// A service whose owner is gone, which `reap` is for.
TEST_F(OtherUsersOfTheCommand, ReapTheirOwnAlone) {
  const std::string owner = std::to_string(EndedPid());
  const std::string id = std::to_string(one_.uid());
  ChildProgram orphan({"setpriv", "--reuid=" + id, "--regid=" + id, "--clear-groups", "env",
                       "mirakuru_uuid=" + owner + ":x", path("does_as_told")});
  ASSERT_TRUE(orphan.wait_for_text("ready"));
  const std::string shown = "(pid " + std::to_string(orphan.pid()) + ")";
  EXPECT_THAT(mirakuru(other_, {"reap"}).text, Not(HasSubstr(shown)));
  EXPECT_TRUE(Lives(orphan.pid()));
  EXPECT_THAT(mirakuru(one_, {"reap"}).text, HasSubstr(shown)) << "the control";
  EXPECT_FALSE(Lives(orphan.pid()));
}

// Another user who knows the name can create it first. Neither is read from it, nor written to it.
TEST_F(OtherUsersOfTheCommand, CannotPlantTheDirectoryUnnoticed) {
  ASSERT_TRUE(other_.does([&] {
    return mkdir(one_.own_directory().c_str(), 0755) == 0 &&
           chmod(one_.own_directory().c_str(), 0777) == 0;
  }));
  const Finished refused = up(one_);
  EXPECT_NE(refused.exit_code, 0);
  EXPECT_THAT(refused.text, HasSubstr(one_.own_directory() +
                                      " is not a directory that this user alone can write to"));
  EXPECT_TRUE(fs::is_empty(one_.own_directory()));
  // The way around it, and the control.
  ASSERT_EQ(up(one_, {"--directory=" + path("elsewhere")}).exit_code, 0);
  EXPECT_EQ(mirakuru(one_, {"down", "--directory=" + path("elsewhere")}).text, "twin is stopped\n");
}

TEST_F(OtherUsersOfTheCommand, DoNotLendTheirRuntimeDirectory) {
  const auto has_record_in = [&](const std::string& directory) {
    return fs::exists(directory + "/mirakuru/twin.service");
  };
  const TempDir runtime;
  open_to_all(runtime.path());
  const ScopedVariable variable("XDG_RUNTIME_DIR", runtime.path());
  const Variables same{{"XDG_RUNTIME_DIR", runtime.path()}};
  const Words service{"up", "--name=twin", "--", path("does_as_told")};
  ASSERT_EQ(mirakuru(one_, service, same).exit_code, 0);
  EXPECT_FALSE(has_record_in(runtime.path()));
  EXPECT_EQ(mirakuru(one_, {"down"}, same).text, "twin is stopped\n");

  ASSERT_EQ(chown(runtime.path().c_str(), one_.uid(), one_.uid()), 0);
  ASSERT_EQ(mirakuru(one_, service, same).exit_code, 0);
  EXPECT_TRUE(has_record_in(runtime.path())) << "the control: it is the user's own";
  EXPECT_EQ(mirakuru(one_, {"down"}, same).text, "twin is stopped\n");
}

// Even in a directory that they may list.
TEST_F(OtherUsersOfTheCommand, ReadNoLogsThatAreKept) {
  const std::string directory = path("records");
  ASSERT_TRUE(one_.does([&] { return mkdir(directory.c_str(), 0755) == 0; }));
  ASSERT_EQ(up(one_, {"--directory=" + directory}).exit_code, 0);
  ASSERT_EQ(mirakuru(one_, {"down", "--directory=" + directory}).exit_code, 0);
  const std::string log = directory + "/twin.stdout.log";
  EXPECT_EQ(ReadFile(log), "ready\n");
  EXPECT_FALSE(other_.reads(log));
  open_to_all(log);
  EXPECT_TRUE(other_.reads(log)) << "the control";
}

// A umask that takes nothing away, and a directory that can be passed through, since a service runs
// as another user.
TEST_F(OtherUsersOfTheCommand, DoNotReachTheDaemon) {
  const ScopedVariable fixtures("MIRAKURU_FIXTURES", path("records"));
  WriteFile(path("services.json"), R"({"services": {"served": {"command": [")" +
                                       path("does_as_told") +
                                       R"("], "ready": {"output": "ready"}, "user": "nobody"}}})");
  const Finished start = RunToTheEnd({"sh", "-c", "umask 0; exec \"$@\"", "sh", MIRAKURU_COMMAND,
                                      "up", "--file", path("services.json")});
  ASSERT_EQ(start.exit_code, 0) << start.text;
  const std::string record = ReadFile(path("records") + "/served.service");
  const std::size_t begin = record.find("daemon\t") + 7;
  const std::string socket = record.substr(begin, record.find('\n', begin) - begin);
  ASSERT_TRUE(other_.passes_through(fs::path(socket).parent_path()));
  EXPECT_FALSE(other_.connects_to(socket, SOCK_SEQPACKET));
  EXPECT_TRUE(ConnectsToUnixSocket(socket, SOCK_SEQPACKET)) << "the control: the daemon's user";
  open_to_all(socket);
  EXPECT_TRUE(other_.connects_to(socket, SOCK_SEQPACKET)) << "the control: it is the mode";
  EXPECT_EQ(RunMirakuru({"down"}).text, "served is stopped\n");
}

}  // namespace
}  // namespace mirakuru::tests
