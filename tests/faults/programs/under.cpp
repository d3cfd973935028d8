// Runs a program in a restricted environment:
//
//   under RESTRICTION... -- PROGRAM [ARGUMENT...]
//
//   --blocked-signals       all signals
//   --ignored-sigpipe
//   --descriptors=NUMBER    the limit, or the number of all that can be opened
//   --inheritable           the last of them is open, and inherited
//   --without-proc
//   --own-pids              in a new pid namespace, with its own /proc
//   --foreign-proc          in a new pid namespace, with the /proc of another
//   --foreign-proc-for-children   not the program, but what it starts
//   --without-home          a user that is in no database
//   --full=DIRECTORY           no more data can be written there
//   --without-inodes=DIRECTORY no more files can be made there
//   --read-only=DIRECTORY
//   --noexec=DIRECTORY         no file there can be executed
//   --refused=CALL,... --errno=NUMBER   system calls
//
// Every restriction is verified before the program runs: if it had no effect, this program exits
// with 77.
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pwd.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "programs/arguments.hpp"

namespace {

// Otherwise the machine, or the user's privileges, do not allow it.
void Require(bool done, const std::string& what) {
  if (done) return;
  std::cout << "not possible here: " << what << ": " << std::strerror(errno) << std::endl;
  _exit(77);
}

bool CanWrite(const std::string& path) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  const bool written = file >= 0 && write(file, "x", 1) == 1;
  if (file >= 0) close(file);
  unlink(path.c_str());
  return written;
}

// --- signals and descriptors

void BlockSignals() {
  sigset_t all;
  sigfillset(&all);
  Require(sigprocmask(SIG_SETMASK, &all, nullptr) == 0, "blocked signals");
}

void LimitDescriptors(rlim_t count) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  const rlimit wanted{count, std::max(count, limit.rlim_max)};
  if (setrlimit(RLIMIT_NOFILE, &wanted) == 0) return;
  limit.rlim_cur = limit.rlim_max;
  Require(setrlimit(RLIMIT_NOFILE, &limit) == 0, "so many descriptors");
  std::cout << "no more than " << limit.rlim_cur << " descriptors are possible here" << std::endl;
}

void OpenInheritable() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  const int last = static_cast<int>(limit.rlim_cur) - 1;
  Require(dup2(open("/dev/zero", O_RDONLY | O_CLOEXEC), last) == last, "the last descriptor");
}

// --- directories

// Users other than root become root in a new user namespace.
void EnterOwnNamespace() {
  static bool entered = false;
  if (entered) return;
  Require(unshare(CLONE_NEWNS | (geteuid() == 0 ? 0 : CLONE_NEWUSER)) == 0, "a mount namespace");
  Require(mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0, "mounts of its own");
  entered = true;
}

void Mount(const std::string& directory, unsigned long flags, const char* options) {
  EnterOwnNamespace();
  Require(mount("tmpfs", directory.c_str(), "tmpfs", flags, options) == 0,
          "a tmpfs on " + directory);
}

void Fill(const std::string& directory) {
  Mount(directory, 0, "size=64k");
  const int file = open((directory + "/all").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  const std::string block(4096, '.');
  while (write(file, block.data(), block.size()) > 0) {
  }
  close(file);
  Require(!CanWrite(directory + "/more"), "a full disk");
}

void TakeInodes(const std::string& directory) {
  Mount(directory, 0, "size=64k,nr_inodes=1");
  Require(!CanWrite(directory + "/more"), "a disk without inodes");
}

void WriteProtect(const std::string& directory) {
  Mount(directory, MS_RDONLY, nullptr);
  Require(!CanWrite(directory + "/more"), "a read-only disk");
}

void HideProc() {
  Mount("/proc", MS_RDONLY, nullptr);
  Require(access("/proc/self", F_OK) != 0, "no /proc");
}

void UnsharePids() {
  Require(unshare(CLONE_NEWPID | (geteuid() == 0 ? 0 : CLONE_NEWUSER)) == 0, "a pid namespace");
}

// Continues as its first process; the parent ends as that does.
void EnterOwnPidNamespace() {
  UnsharePids();
  const pid_t child = fork();
  Require(child >= 0, "a process in a pid namespace");
  if (child == 0) return;
  int status = 0;
  waitpid(child, &status, 0);
  _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

void MountOwnProc() {
  EnterOwnPidNamespace();
  EnterOwnNamespace();
  Require(mount("proc", "/proc", "proc", 0, nullptr) == 0, "a /proc of its own");
}

// In neither /etc/passwd nor the databases of nsswitch.conf(5).
void BecomeNobodyKnown() {
  EnterOwnNamespace();
  for (const std::string file : {"/etc/passwd", "/etc/nsswitch.conf"}) {
    if (access(file.c_str(), F_OK) != 0) continue;
    Require(mount("/dev/null", file.c_str(), nullptr, MS_BIND, nullptr) == 0, "no " + file);
  }
  Require(getpwuid(getuid()) == nullptr, "a user whom no file knows");
  unsetenv("HOME");
  unsetenv("USER");
  unsetenv("LOGNAME");
}

// --- system calls

void Refuse(const std::string& names, int error) {
  const std::map<std::string, long> numbers{{"close_range", SYS_close_range},
                                            {"inotify_init1", SYS_inotify_init1},
                                            {"memfd_create", SYS_memfd_create},
                                            {"pidfd_open", SYS_pidfd_open}};
  const unsigned refusal = SECCOMP_RET_ERRNO | (static_cast<unsigned>(error) & SECCOMP_RET_DATA);
  std::vector<sock_filter> filter{BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr))};
  std::vector<long> refused;
  std::istringstream words(names);
  for (std::string name; std::getline(words, name, ',');) {
    refused.push_back(numbers.at(name));
    filter.push_back(
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<unsigned>(refused.back()), 0, 1));
    filter.push_back(BPF_STMT(BPF_RET | BPF_K, refusal));
  }
  filter.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  Require(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0, "seccomp");
  for (const long number : refused) {
    // With arguments that are invalid for every kernel.
    Require(syscall(number, -1, -1, -1) == -1 && errno == error, "a refused system call");
  }
}

void Restrict(const std::string& name, const std::string& value) {
  if (name == "--blocked-signals") BlockSignals();
  if (name == "--ignored-sigpipe") std::signal(SIGPIPE, SIG_IGN);
  if (name == "--descriptors") LimitDescriptors(std::stoul(value));
  if (name == "--inheritable") OpenInheritable();
  if (name == "--without-home") BecomeNobodyKnown();
  if (name == "--full") Fill(value);
  if (name == "--without-inodes") TakeInodes(value);
  if (name == "--read-only") WriteProtect(value);
  if (name == "--noexec") Mount(value, MS_NOEXEC, nullptr);
  if (name == "--without-proc") HideProc();
  if (name == "--own-pids") MountOwnProc();
  if (name == "--foreign-proc") EnterOwnPidNamespace();
  if (name == "--foreign-proc-for-children") UnsharePids();
}

}  // namespace

int main(int argc, char** argv) {
  int program = 1;
  while (program < argc && std::string(argv[program]) != "--") ++program;
  for (int i = 1; i < program; ++i) {
    const std::string word = argv[i];
    const std::size_t end = word.find('=');
    Restrict(word.substr(0, end), end == std::string::npos ? "" : word.substr(end + 1));
  }
  // Last, as the others may need the refused calls.
  const std::string refused = Argument(program, argv, "--refused");
  if (!refused.empty()) Refuse(refused, std::stoi(Argument(program, argv, "--errno")));
  execv(argv[program + 1], argv + program + 1);
  Require(false, argv[program + 1]);
}
