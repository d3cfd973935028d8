#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/text.hpp"
#include "base/unique_fd.hpp"
#include "base/unix_address.hpp"
#include "checks/check_implementation.hpp"
#include "mirakuru/errors.hpp"

namespace mirakuru::detail {
namespace {

// The receiving end of sd_notify(3): datagrams with lines of NAME=value.
class NotifyProbe : public Probe {
 public:
  explicit NotifyProbe(const ProbeContext& context)
      : path_(context.directory() + "/notify"),
        socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    if (path_.size() > UnixAddress::kLongestPath) {
      throw ExecutorError(absl::StrCat(context.name(), ": the path of its notify socket has ",
                                       path_.size(), " bytes; the maximum is ",
                                       UnixAddress::kLongestPath,
                                       " (MIRAKURU_DIR can make it shorter): ", readable(path_)));
    }
    const UnixAddress address(path_);
    ::unlink(path_.c_str());  // left by an earlier start
    // Before bind(2), so that other users can never write to it.
    ::fchmod(socket_.get(), 0600);
    if (!socket_ || ::bind(socket_.get(), address.get(), address.size()) != 0) {
      throw std::system_error(errno, std::generic_category(), "cannot make the socket " + path_);
    }
    // A service that runs as another user must be able to write to it, and no other user.
    const std::string& user = context.options().user;
    if (const passwd* entry = user.empty() ? nullptr : ::getpwnam(user.c_str())) {
      (void)!::chown(path_.c_str(), entry->pw_uid, static_cast<gid_t>(-1));
    }
  }
  ~NotifyProbe() override { ::unlink(path_.c_str()); }
  NotifyProbe(const NotifyProbe&) = delete;
  NotifyProbe& operator=(const NotifyProbe&) = delete;

  void add_to(std::map<std::string, std::string>& environment) override {
    environment["NOTIFY_SOCKET"] = path_;
  }

  bool ready() override {
    std::array<char, 4096> buffer;
    while (true) {
      // recv(2) without room for descriptors: those that sd_notify_barrier(3) sends are closed at
      // once, which is the answer that it waits for.
      const ssize_t n = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return ready_;
      take(absl::string_view(buffer.data(), static_cast<std::size_t>(n)));
    }
  }

  void wait_on(WaitSet& set) override { set.add(socket_.get()); }

  std::string last_answer() const override {
    return status_.empty() ? "no message came" : "STATUS=" + status_;
  }

 private:
  void take(absl::string_view message) {
    for (const absl::string_view line : absl::StrSplit(message, '\n')) {
      const std::pair<absl::string_view, absl::string_view> entry =
          absl::StrSplit(line, absl::MaxSplits('=', 1));
      if (entry.first == "READY" && entry.second == "1") ready_ = true;
      if (entry.first == "STATUS") {
        status_ = readable(std::string_view(entry.second.data(), entry.second.size()));
      }
      if (entry.first == "ERRNO") {
        throw StartupFailed(
            absl::StrCat("it notified ERRNO=",
                         readable(std::string_view(entry.second.data(), entry.second.size())),
                         status_.empty() ? "" : ", STATUS=", status_));
      }
    }
  }

  std::string path_;
  UniqueFd socket_;
  bool ready_ = false;
  std::string status_;
};

class NotifyImplementation : public CheckImplementation {
 public:
  std::string describe(const Expand& /*expand*/) const override {
    return "READY=1 on its $NOTIFY_SOCKET";
  }
  std::unique_ptr<Probe> make_probe(const ProbeContext& context) const override {
    return std::make_unique<NotifyProbe>(context);
  }
};

}  // namespace

}  // namespace mirakuru::detail

namespace mirakuru {

Check::Check(NotifyCheck /*check*/) : Check(std::make_shared<detail::NotifyImplementation>()) {}

}  // namespace mirakuru
