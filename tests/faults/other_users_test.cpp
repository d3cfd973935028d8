// Other users of the machine: none of them can read what a service prints or keeps in its
// directory, block a start, or influence what the test program is told.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "mirakuru/ctest.hpp"
#include "mirakuru/mirakuru.hpp"
#include "support/child_program.hpp"
#include "support/environment.hpp"
#include "support/leftovers.hpp"
#include "support/other_user.hpp"
#include "support/service.hpp"
#include "support/sockets.hpp"
#include "support/temp_dir.hpp"
#include "support/thrown.hpp"
#include "support/wait_until.hpp"

namespace mirakuru::tests {
namespace {

namespace fs = std::filesystem;

// The directories of a service, from the inside out.
struct Directories {
  explicit Directories(const SimpleExecutor& executor)
      : tmpdir(executor.expand("{tmpdir}")),
        service(fs::path(tmpdir).parent_path()),
        run(fs::path(service).parent_path()) {}
  std::string tmpdir;
  std::string service;
  std::string run;  // of the test program
};

// As a user would do to give others access.
void OpenToAll(const std::string& path) { ASSERT_EQ(chmod(path.c_str(), 0777), 0); }

std::unique_ptr<OutputExecutor> PrintsASecret(Options options = {}) {
  auto executor = std::make_unique<OutputExecutor>(
      Command::shell("umask 0; echo secret > {tmpdir}/file; echo ready; exec sleep 60"), "ready",
      std::move(options));
  executor->start();
  return executor;
}

// Open to all, as /tmp is. It exists as long as this program, which has its directory in it.
const std::string& OpenDirectory() {
  static const TempDir directory;
  chmod(directory.path().c_str(), 01777);
  return directory.path();
}

// Below /tmp, and in $MIRAKURU_DIR.
class OtherUsers : public OtherUsersTest, public testing::WithParamInterface<bool> {
 protected:
  const OtherUser other_;

 private:
  const ScopedVariable variable_{"MIRAKURU_DIR", GetParam() ? OpenDirectory() : "/tmp"};
};

TEST_P(OtherUsers, ReadNeitherLogsNorDirectories) {
  const auto executor = PrintsASecret();
  const Directories directories(*executor);
  const std::string log = executor->output().path();
  for (const std::string& path : {directories.run, directories.service, directories.tmpdir,
                                  directories.tmpdir + "/file", log}) {
    EXPECT_FALSE(other_.reads(path)) << path;
  }
}

// The control: the modes of the directories keep them out, and each of the modes is sufficient.
TEST_P(OtherUsers, ReadThemIfTheModesAreOpened) {
  const auto executor = PrintsASecret();
  const Directories directories(*executor);
  const std::string log = executor->output().path();
  OpenToAll(directories.run);
  EXPECT_TRUE(other_.reads(directories.run));
  EXPECT_FALSE(other_.reads(directories.service)) << "this one is closed, too";
  OpenToAll(directories.service);
  EXPECT_FALSE(other_.reads(directories.tmpdir)) << "and this one";
  EXPECT_FALSE(other_.reads(log)) << "and the log itself";
  OpenToAll(directories.tmpdir);
  EXPECT_TRUE(other_.reads(directories.tmpdir + "/file"));
  OpenToAll(log);
  EXPECT_TRUE(other_.reads(log));
}

// In this case the directories above its {tmpdir} can be passed through.
TEST_P(OtherUsers, ReadNeitherIfAServiceRunsAsOneOfThem) {
  const auto executor = PrintsASecret({.user = "nobody"});
  const Directories directories(*executor);
  ASSERT_TRUE(other_.passes_through(directories.service));
  for (const std::string& path : {directories.run, directories.service, directories.tmpdir,
                                  directories.tmpdir + "/file", executor->output().path()}) {
    EXPECT_FALSE(other_.reads(path)) << path;
  }
  OpenToAll(directories.tmpdir);
  EXPECT_TRUE(other_.reads(directories.tmpdir + "/file")) << "the control";
}

INSTANTIATE_TEST_SUITE_P(In, OtherUsers, testing::Bool(),
                         [](const auto& in) { return in.param ? "MirakuruDir" : "Tmp"; });

class OtherUsersOfAService : public OtherUsersTest {
 protected:
  const OtherUser other_;

 private:
  const ScopedVariable variable_{"MIRAKURU_DIR", OpenDirectory()};
};

// The name of the directory is not known before it exists, and then it is ours: the sticky bit
// prevents others from replacing it with one of theirs.
TEST_F(OtherUsersOfAService, PlantNoDirectoryInThePlaceOfOurs) {
  const auto executor = PrintsASecret();
  const std::string run = Directories(*executor).run;
  const auto put_another_one_there = [&] {
    return rename(run.c_str(), (run + "-moved").c_str()) == 0 && mkdir(run.c_str(), 0777) == 0;
  };
  EXPECT_FALSE(other_.does(put_another_one_there));
  OpenToAll(fs::path(run).parent_path());
  EXPECT_TRUE(other_.does(put_another_one_there)) << "the control: without the sticky bit";
  ASSERT_EQ(rmdir(run.c_str()), 0);
  ASSERT_EQ(rename((run + "-moved").c_str(), run.c_str()), 0);
}

// The supervisor, the shepherd and the service: the sockets between them have no names.
TEST_F(OtherUsersOfAService, ReachNoneOfOurProcesses) {
  SimpleExecutor executor("sleep 60");
  const int service = executor.start().pid();
  const int shepherd = ParentOf(service);
  for (const int pid : {service, shepherd, ParentOf(shepherd)}) {
    const std::string directory = "/proc/" + std::to_string(pid);
    const auto signals_it = [&] { return kill(pid, 0) == 0; };
    const auto takes_its_descriptors = [&] {
      const long pidfd = syscall(SYS_pidfd_open, pid, 0);
      return syscall(SYS_pidfd_getfd, pidfd, 0, 0) >= 0;
    };
    EXPECT_FALSE(other_.does(signals_it));
    EXPECT_FALSE(other_.does(takes_its_descriptors));
    EXPECT_FALSE(other_.reads(directory + "/fd"));
    EXPECT_FALSE(other_.reads(directory + "/environ"));
    // The control: their owner can.
    EXPECT_TRUE(signals_it());
    EXPECT_TRUE(takes_its_descriptors());
  }
}

// The path of its socket is public (/proc/net/unix), and the directory can be passed through if a
// service runs as another user.
TEST_F(OtherUsersOfAService, DoNotSayThatItIsReady) {
  const TempDir programs;
  ASSERT_EQ(chmod(programs.path().c_str(), 0755), 0);
  fs::copy_file(Service("notifies_ready"), programs / "notifies_ready");
  int tries = 0;
  std::string socket;
  const auto says_ready = [&] { return ConnectsToUnixSocket(socket, SOCK_DGRAM); };
  Executor executor({programs / "notifies_ready"},
                    all_of(Check([&] {
                             socket = Directories(executor).service + "/notify";
                             EXPECT_TRUE(other_.passes_through(Directories(executor).service));
                             EXPECT_FALSE(other_.does(says_ready));
                             EXPECT_TRUE(says_ready()) << "the control: root can";
                             OpenToAll(socket);
                             EXPECT_TRUE(other_.does(says_ready)) << "the control";
                             return ++tries > 0;
                           }),
                           NotifyCheck{}),
                    {.user = "nobody"});
  EXPECT_NO_THROW(executor.start()) << "the service itself is heard";
  EXPECT_EQ(tries, 1);
}

// The default directory of a user's service records has a name that everybody can guess.
class PlantedServiceRecord : public OtherUsersTest {
 protected:
  // As if a service "db" of `owner` were running.
  void plant(const std::string& directory, uid_t owner, mode_t mode) {
    ASSERT_EQ(mkdir(directory.c_str(), 0755), 0);
    const std::string socket = directory + "/daemon";
    daemon_ = std::make_unique<Socket>(UnixListener(socket, true, SOCK_SEQPACKET));
    WriteFile(directory + "/db.service", "name\tdb\ndaemon\t" + socket + "\nport\t\t4711\n");
    ASSERT_EQ(chmod(socket.c_str(), 0666), 0);
    ASSERT_EQ(chmod(directory.c_str(), mode), 0);
    ASSERT_EQ(chown(directory.c_str(), owner, owner), 0);
  }
  bool is_found() const {
    return user_.does([] { return ctest::find_fixture("db") != nullptr; });
  }

  const OtherUser planter_;
  const OtherUser user_;

 private:
  std::unique_ptr<Socket> daemon_;
  const ScopedVariable fixtures_{"MIRAKURU_FIXTURES", ""};
  const ScopedVariable runtime_{"XDG_RUNTIME_DIR", ""};
};

TEST_F(PlantedServiceRecord, IsNoneInADirectoryOfSomebodyElse) {
  plant(user_.own_directory(), planter_.uid(), 0755);
  EXPECT_FALSE(is_found());
}

TEST_F(PlantedServiceRecord, IsNoneInADirectoryThatOthersWriteTo) {
  plant(user_.own_directory(), user_.uid(), 0777);
  EXPECT_FALSE(is_found());
}

TEST_F(PlantedServiceRecord, IsNoneBehindASymbolicLink) {
  plant(planter_.own_directory(), user_.uid(), 0755);
  fs::create_directory_symlink(planter_.own_directory(), user_.own_directory());
  EXPECT_FALSE(is_found());
}

TEST_F(PlantedServiceRecord, IsOneInADirectoryOfTheUsersOwn) {
  plant(user_.own_directory(), user_.uid(), 0755);
  EXPECT_TRUE(is_found()) << "the control of the others";
}

// Everybody may listen on any free port; that must not make a service ready.
class OtherUsersOnThePort : public OtherUsersTest {
 protected:
  // Root listens, once that file exists.
  std::unique_ptr<ChildProgram> foreign_process() const {
    return std::make_unique<ChildProgram>(std::vector<std::string>{
        Service("listens_on_port"), "--port=" + port_.text(), "--after-file=" + signal_file()});
  }
  std::string signal_file() const { return OpenDirectory() + "/signal-" + port_.text(); }
  Endpoint endpoint() const { return {"127.0.0.1", port_.number()}; }

  const FreePort port_;
  const OtherUser other_;

 private:
  const ScopedVariable variable_{"MIRAKURU_DIR", OpenDirectory()};
};

TEST_F(OtherUsersOnThePort, FailTheStartWithAClearError) {
  const auto foreign_process = this->foreign_process();
  WriteFile(signal_file(), "");
  ASSERT_TRUE(WaitUntil([&] { return Connects("127.0.0.1", port_.number()); }));
  const auto is_refused = [&] {
    TCPExecutor executor("sleep 60", endpoint());
    return Thrown<AlreadyRunning>([&] { executor.start(); }).summary().find("listens on") !=
           std::string::npos;
  };
  EXPECT_TRUE(other_.does(is_refused));
}

TEST_F(OtherUsersOnThePort, AreNotTakenForAServiceThatWasStarted) {
  const auto is_ready = [&](bool verify_listener) {
    const auto foreign_process = this->foreign_process();
    const auto done = [&] {
      Executor executor(
          "sleep 60",
          all_of(Check([&] {
                   WriteFile(signal_file(), "");
                   return Connects("127.0.0.1", port_.number());
                 }),
                 TcpCheck{endpoint()}),
          {.start_timeout = std::chrono::seconds(1), .verify_listener = verify_listener});
      try {
        return executor.start().running();
      } catch (const ExecutorError& error) {
        const bool is_named =
            std::string(error.what()).find("a foreign process listens on") != std::string::npos;
        if (!is_named) throw;
        return false;
      }
    };
    const bool ready = other_.does(done);
    fs::remove(signal_file());
    return ready;
  };
  EXPECT_FALSE(is_ready(true));
  EXPECT_TRUE(is_ready(false)) << "the control: who asks for it gets it";
}

}  // namespace
}  // namespace mirakuru::tests
