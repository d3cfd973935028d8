#include "process/service_process.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

#include "mirakuru/options.hpp"
#include "process/socket_message.hpp"
#include "process/supervisor_client.hpp"

namespace mirakuru::detail {
namespace {

void append_string(std::string& bytes, const std::string& text) {
  bytes.append(text.c_str(), text.size() + 1);
}

// See protocol::Spec.
std::string encoded(const LaunchRequest& request) {
  protocol::Spec spec = request.spec;
  spec.group_count = static_cast<std::uint32_t>(request.groups.size());
  spec.argument_count = static_cast<std::uint32_t>(request.arguments.size());
  spec.environment_count = static_cast<std::uint32_t>(request.environment.size());
  std::string bytes(reinterpret_cast<const char*>(&spec), sizeof spec);
  bytes.append(reinterpret_cast<const char*>(request.groups.data()),
               request.groups.size() * sizeof(std::uint32_t));
  append_string(bytes, request.name);
  append_string(bytes, request.program);
  for (const std::string& name : request.log_names) append_string(bytes, name);
  for (const std::string& argument : request.arguments) append_string(bytes, argument);
  for (const std::string& variable : request.environment) append_string(bytes, variable);
  return bytes;
}

bool send_launch(int channel, const LaunchRequest& request, const std::string& specification) {
  protocol::Launch header;
  header.spec_size = static_cast<std::uint32_t>(specification.size());
  std::vector<int> fds;
  for (std::uint32_t slot = 0; slot < protocol::kFdSlots; ++slot) {
    if (!request.fds[slot]) continue;
    header.fds |= 1U << slot;
    fds.push_back(request.fds[slot].get());
  }
  bool sent = send_message(channel, &header, sizeof header, fds);
  for (std::size_t at = 0; sent && at < specification.size(); at += protocol::kMaxMessage) {
    sent = send_message(channel, specification.data() + at,
                        std::min(protocol::kMaxMessage, specification.size() - at));
  }
  return sent;
}

}  // namespace

ServiceProcess::ServiceProcess(LaunchRequest request) {
  const std::string specification = encoded(request);
  for (int attempt = 0; pid_ == 0; ++attempt) {
    channel_ = open_channel();
    lost_ = false;
    all_ended_ = false;
    if (send_launch(channel_.get(), request, specification)) {
      while (pid_ == 0 && !failure_ && !all_ended_) wait(Deadline::never());
    }
    if (failure_) throw LaunchFailure(*failure_);
    if (pid_ != 0) return;
    // The supervisor was killed just now. Once more, with a new one.
    forget_supervisor();
    if (attempt > 0) throw LaunchFailure{protocol::Stage::fork, ECONNRESET};
  }
}

bool ServiceProcess::receive(protocol::Event& event) {
  const ssize_t n = receive_message(channel_.get(), &event, sizeof event, MSG_DONTWAIT);
  if (n == static_cast<ssize_t>(sizeof event)) return true;
  if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return false;
  lost_ = true;  // closed without all_ended: the shepherd was killed
  all_ended_ = true;
  streams_ended_ = {true, true};
  return false;
}

void ServiceProcess::update() {
  protocol::Event event;
  while (!all_ended_ && receive(event)) take(event);
  if (all_ended_) channel_.reset();
}

void ServiceProcess::take(const protocol::Event& event) {
  using Type = protocol::EventType;
  switch (event.type) {
    case Type::launch_failed:
      failure_ = LaunchFailure{event.stage, event.error};
      all_ended_ = true;
      break;
    case Type::started:
      pid_ = event.pid;
      shepherd_ = event.shepherd;
      break;
    case Type::main_ended:
      main_status_ = ExitStatus::from_wait_status(event.status);
      left_others_ = event.left != 0;
      break;
    case Type::stream_ended:
      if (event.stream == 1 || event.stream == 2) streams_ended_[event.stream - 1] = true;
      break;
    case Type::log_failed:
      if (event.stream == 1 || event.stream == 2) log_errors_[event.stream - 1] = event.error;
      break;
    case Type::killing:
      had_to_be_killed_ = true;
      break;
    case Type::done:
      ++done_;
      break;
    case Type::all_ended:
      all_ended_ = true;
      break;
  }
}

void ServiceProcess::wait(Deadline deadline) {
  if (all_ended_) return;
  WaitSet set;
  set.add(channel_.get());
  set.wake_at(deadline.time());
  set.wait();
  update();
}

bool ServiceProcess::stream_ended(OutputStream stream) const {
  return all_ended_ || streams_ended_[index_of(stream)];
}

void ServiceProcess::send(const protocol::Request& command) {
  // Where nobody is there any more, update() finds out why.
  send_message(channel_.get(), &command, sizeof command);
}

void ServiceProcess::wait_until_all_ended() {
  while (!all_ended_) wait(Deadline::never());
}

void ServiceProcess::stop(int stop_signal, std::chrono::milliseconds timeout, int kill_signal) {
  protocol::Request command;
  command.type = protocol::RequestType::stop;
  command.signal = stop_signal;
  command.kill_signal = kill_signal;
  command.timeout_ms = timeout == forever ? -1 : timeout.count();
  update();
  if (!all_ended_) send(command);
  wait_until_all_ended();
}

void ServiceProcess::kill(int kill_signal) {
  protocol::Request command;
  command.type = protocol::RequestType::kill;
  command.kill_signal = kill_signal;
  update();
  if (!all_ended_) send(command);
  wait_until_all_ended();
}

void ServiceProcess::send_and_wait_for_done(protocol::RequestType type) {
  protocol::Request command;
  command.type = type;
  const int before = done_;
  update();
  if (!all_ended_) send(command);
  while (done_ == before && !all_ended_) wait(Deadline::never());
}

void ServiceProcess::flush() { send_and_wait_for_done(protocol::RequestType::flush); }
void ServiceProcess::pause() { send_and_wait_for_done(protocol::RequestType::pause); }
void ServiceProcess::resume() { send_and_wait_for_done(protocol::RequestType::resume); }

}  // namespace mirakuru::detail
