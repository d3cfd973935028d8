// The time from when a service is ready to the return of start(). The floor starts the same service
// by posix_spawn and waits only for the event itself.
#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "benchmarks.hpp"
#include "mirakuru/mirakuru.hpp"
#include "plain_process.hpp"
#include "sockets.hpp"

namespace benchmarks {
namespace {

constexpr char kBanner[] = "ready to accept";

// One start of a service that gets ready after `delay`.
class Start {
 public:
  explicit Start(int delay) : delay_(std::to_string(delay)), path_(moments_.path() + ".there") {}
  ~Start() { unlink(path_.c_str()); }
  Start(const Start&) = delete;
  Start& operator=(const Start&) = delete;

  const std::string& path() const { return path_; }
  std::vector<std::string> words(const std::string& kind, const std::string& subject) const {
    return {service("becomes_ready"), moments_.path(), delay_, kind, subject};
  }
  // Call it as soon as the service is known to be ready. Negative if a connection was accepted
  // before the service, back from listen, could read its clock.
  std::int64_t since_ready() const {
    const std::int64_t now = now_ns();
    while (moments_->ready == 0) {
      if (now_ns() > now + 1000000000) throw std::runtime_error("it is not ready at all");
    }
    return now - moments_->ready;
  }

 private:
  SharedMoments moments_;
  std::string delay_;
  std::string path_;
};

std::int64_t time_of(mirakuru::SimpleExecutor&& executor, const Start& start) {
  executor.start();
  return start.since_ready();
}

std::int64_t tcp(int delay) {
  const Start start(delay);
  return time_of(mirakuru::TCPExecutor(start.words("tcp", "{port}"), "127.0.0.1:{port}"), start);
}

std::int64_t unix_socket(int delay) {
  const Start start(delay);
  return time_of(mirakuru::UnixSocketExecutor(start.words("unix", start.path()), start.path()),
                 start);
}

std::int64_t pid_file(int delay) {
  const Start start(delay);
  return time_of(mirakuru::PidExecutor(start.words("pid_file", start.path()), start.path()), start);
}

std::int64_t output(int delay) {
  const Start start(delay);
  return time_of(mirakuru::OutputExecutor(start.words("output", kBanner), kBanner), start);
}

std::int64_t plain_tcp(int delay) {
  const Start start(delay);
  const HeldPort port;
  const PlainProcess process(start.words("tcp", std::to_string(port.number())));
  wait_until_accepted(port.number());
  return start.since_ready();
}

// Sleeps until the file of this name changes.
void wait_for_file(int inotify, const std::string& path) {
  const std::string name = path.substr(path.rfind('/') + 1);
  while (true) {
    alignas(inotify_event) char buffer[4096];
    const ssize_t size = read(inotify, buffer, sizeof buffer);
    for (ssize_t at = 0; at < size;) {
      const auto* event = reinterpret_cast<const inotify_event*>(buffer + at);
      if (event->len > 0 && name == event->name) return;
      at += static_cast<ssize_t>(sizeof *event + event->len);
    }
    if (size <= 0) throw std::runtime_error("inotify broke");
  }
}

std::int64_t plain_unix_socket(int delay) {
  const Start start(delay);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  start.path().copy(address.sun_path, sizeof address.sun_path - 1);
  const Descriptor inotify(inotify_init1(IN_CLOEXEC));
  inotify_add_watch(inotify.get(), work_directory().c_str(), IN_CREATE);
  const PlainProcess process(start.words("unix", start.path()));
  wait_for_file(inotify.get(), start.path());
  while (!connects(AF_UNIX, &address, sizeof address)) {
  }
  return start.since_ready();
}

std::int64_t plain_pid_file(int delay) {
  const Start start(delay);
  const Descriptor inotify(inotify_init1(IN_CLOEXEC));
  inotify_add_watch(inotify.get(), work_directory().c_str(), IN_MOVED_TO);
  const PlainProcess process(start.words("pid_file", start.path()));
  wait_for_file(inotify.get(), start.path());
  return start.since_ready();
}

std::int64_t plain_output(int delay) {
  const Start start(delay);
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  const Descriptor out(ends[0]);
  const Descriptor in(ends[1]);
  const PlainProcess process(start.words("output", kBanner), in.get());
  std::string text;
  while (text.find(kBanner) == std::string::npos) {
    char buffer[256];
    const ssize_t size = read(out.get(), buffer, sizeof buffer);
    if (size <= 0) throw std::runtime_error("no banner");
    text.append(buffer, static_cast<std::size_t>(size));
  }
  return start.since_ready();
}

template <std::int64_t (*start)(int delay)>
std::int64_t after_a_delay() {
  static Delays delays;
  return start(delays.next());
}

template <std::int64_t (*start)(int delay)>
void starts(benchmark::State& state) {
  samples<after_a_delay<start>>(state);
}

BENCHMARK(starts<tcp>)->Name("readiness/tcp")->Apply(one_by_one);
BENCHMARK(starts<plain_tcp>)->Name("readiness/tcp/floor")->Apply(one_by_one);
BENCHMARK(starts<output>)->Name("readiness/output")->Apply(one_by_one);
BENCHMARK(starts<plain_output>)->Name("readiness/output/floor")->Apply(one_by_one);
BENCHMARK(starts<pid_file>)->Name("readiness/pid_file")->Apply(one_by_one);
BENCHMARK(starts<plain_pid_file>)->Name("readiness/pid_file/floor")->Apply(one_by_one);
BENCHMARK(starts<unix_socket>)->Name("readiness/unix_socket")->Apply(one_by_one);
BENCHMARK(starts<plain_unix_socket>)->Name("readiness/unix_socket/floor")->Apply(one_by_one);

}  // namespace
}  // namespace benchmarks
