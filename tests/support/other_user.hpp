// Another user of this machine, without a name: what it can and cannot do. Needs root.
//
//   const OtherUser other;
//   EXPECT_FALSE(other.reads(path));
#ifndef MIRAKURU_TESTS_SUPPORT_OTHER_USER_HPP_
#define MIRAKURU_TESTS_SUPPORT_OTHER_USER_HPP_

#include <fcntl.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "missing.hpp"
#include "run_program.hpp"
#include "sockets.hpp"

namespace mirakuru::tests {

class OtherUser {
 public:
  // With a user id that no concurrent test uses.
  OtherUser() {
    static unsigned count = 0;
    uid_ = 20000 + (static_cast<unsigned>(getpid()) * 4 + count++) % 40000;
  }
  ~OtherUser() {
    std::error_code ignored;
    std::filesystem::remove_all(own_directory(), ignored);
  }
  OtherUser(const OtherUser&) = delete;
  OtherUser& operator=(const OtherUser&) = delete;

  uid_t uid() const { return uid_; }
  // The default directory of its service records.
  std::string own_directory() const { return "/tmp/mirakuru-of-" + std::to_string(uid_); }

  // Whether the action returns true in a process of that user.
  template <typename Action>
  bool does(Action action) const {
    const pid_t pid = fork();
    if (pid == 0) {
      bool done = false;
      // PR_SET_DUMPABLE: otherwise its directory in /proc belongs to root.
      if (setgroups(0, nullptr) == 0 && setresgid(uid_, uid_, uid_) == 0 &&
          setresuid(uid_, uid_, uid_) == 0 && prctl(PR_SET_DUMPABLE, 1) == 0) {
        try {
          done = action();
        } catch (const std::exception& error) {
          std::fprintf(stderr, "user %u: %s\n", uid_, error.what());
        }
      }
      _exit(done ? 0 : 1);
    }
    int status = 0;
    waitpid(pid, &status, 0);
    return status == 0;
  }
  // A file, or the entries of a directory.
  bool reads(const std::string& path) const {
    return does([&] { return open(path.c_str(), O_RDONLY | O_CLOEXEC) >= 0; });
  }
  bool passes_through(const std::string& directory) const {
    return does([&] { return access(directory.c_str(), X_OK) == 0; });
  }
  // A unix socket.
  bool connects_to(const std::string& path, int type) const {
    return does([&] { return ConnectsToUnixSocket(path, type); });
  }

  // A program that this user can access.
  Finished runs(const std::vector<std::string>& words, Variables variables = {}) const {
    const std::string id = std::to_string(uid_);
    std::vector<std::string> all{"setpriv",        "--reuid=" + id, "--regid=" + id,
                                 "--clear-groups", "env",           "-u",
                                 "XDG_RUNTIME_DIR"};
    if (variables.count("XDG_RUNTIME_DIR") > 0) all.resize(4);
    all.insert(all.end(), words.begin(), words.end());
    variables.insert({{"MIRAKURU_DIR", "/tmp"}, {"MIRAKURU_FIXTURES", ""}});
    return RunToTheEnd(all, variables);
  }

 private:
  uid_t uid_;
};

// Tests that become another user.
class OtherUsersTest : public testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() == 0) return;
    const std::string why =
        "only root can become another user (MIRAKURU_TEST_ALLOW_MISSING=1 skips the test)";
    if (MissingIsAllowed()) GTEST_SKIP() << why;
    FAIL() << why;
  }
};

}  // namespace mirakuru::tests

#endif  // MIRAKURU_TESTS_SUPPORT_OTHER_USER_HPP_
