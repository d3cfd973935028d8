// The whole supervisor, in a process of its own, gets messages over its control socket. Valid
// requests between invalid ones are executed; it ends with its owner, and leaves no process.
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "messages.hpp"

// main() of supervisor.cpp.
int supervisor_main(int argc, char** argv);

namespace mirakuru::fuzz {
namespace {

using Clock = std::chrono::steady_clock;

// For what takes milliseconds.
constexpr std::chrono::seconds kPatience(20);

class Supervisor {
 public:
  Supervisor() {
    // It detaches itself; as a subreaper we adopt it and anything it leaves.
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    SocketPair control;
    const pid_t pid = fork();
    require(pid >= 0, "a process can be had");
    if (pid == 0) {
      dup2(control.theirs.get(), protocol::kControlFd);
      close(protocol::kOwnerFd);
      char empty[] = "";
      char* arguments[] = {empty, empty, nullptr};
      _exit(supervisor_main(2, arguments));
    }
    int status = 0;
    require(waitpid(pid, &status, 0) == pid && status == 0, "it has begun");
    control_ = std::move(control.ours);
  }

  int control() const { return control_.get(); }

  // Returns when all have ended.
  void end_owner() {
    control_.reset();
    const auto deadline = Clock::now() + kPatience;
    int ended = 0;
    int status = 0;
    pid_t pid = 0;
    while ((pid = waitpid(-1, &status, WNOHANG)) >= 0) {
      require(Clock::now() < deadline, "it ends with its owner");
      if (pid == 0) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      } else {
        require(status == 0, "it ends well");
        ++ended;
      }
    }
    require(ended == 1, "it leaves nothing behind");
  }

 private:
  UniqueFd control_;
};

// A service that was asked for by a valid message to the supervisor.
struct Service {
  UniqueFd channel;
  LaunchRequest request;
  std::vector<protocol::Event> events;
  bool closed = false;

  void take_events() {
    for (const protocol::Event& event : events_in(channel.get(), closed)) events.push_back(event);
  }
  void wait_for_result() {
    const auto deadline = Clock::now() + kPatience;
    while (events.size() < 2 && !closed) {
      pollfd readable{channel.get(), POLLIN, 0};
      poll(&readable, 1, 1000);
      require(Clock::now() < deadline, "a launch request is answered");
      take_events();
    }
  }
};

Service ask_for_service(int control, Input& input) {
  SocketPair channel;
  const protocol::SpawnShepherd request;
  send_message(control, bytes_of(request), {channel.theirs.get()});
  Service service{std::move(channel.ours), launch_request_from(input), {}};
  send_launch_request(service.channel.get(), service.request, protocol::kMaxMessage);
  return service;
}

void ask_for_anything(int control, Input& input) {
  const std::vector<int> fds(input.byte() % 24, all_descriptors()[0]);
  const std::string_view bytes = input.bytes(1 + input.byte() % 16);
  if (!bytes.empty()) send_message(control, bytes, fds);  // an empty one is the end
}

void supervise(Input input) {
  Supervisor supervisor;
  std::vector<Service> services;
  for (int i = 0; i < 8 && !input.empty(); ++i) {
    switch (input.byte() % 4) {
      case 0:
        ask_for_anything(supervisor.control(), input);
        break;
      case 1:
        services.push_back(ask_for_service(supervisor.control(), input));
        break;
      case 2:
        if (!services.empty()) send_request_from(input, services.back().channel.get());
        break;
      default:
        // Waiting for a truncated one would not end.
        if (!services.empty() && services.back().request.valid) {
          services.back().wait_for_result();
        }
    }
  }
  for (Service& service : services) {
    if (service.request.valid) service.wait_for_result();
  }
  supervisor.end_owner();
  for (Service& service : services) {
    service.take_events();
    require(service.closed, "a service's channel is closed");
    // An invalid request may not have been started.
    if (service.events.size() < 2 && !service.request.valid) continue;
    require_valid_event_sequence(service.events);
    if (service.request.valid) require_executed(service.request, service.events);
  }
}

}  // namespace
}  // namespace mirakuru::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  mirakuru::fuzz::supervise({data, size});
  return 0;
}
