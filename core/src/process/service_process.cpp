#include "process/service_process.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/text.hpp"
#include "mirakuru/errors.hpp"
#include "mirakuru/options.hpp"
#include "process/socket_message.hpp"
#include "process/supervisor_client.hpp"

namespace mirakuru::detail {
namespace {

// A supervisor that was killed is replaced once.
constexpr int kAttempts = 2;

void append_string(std::string& bytes, const std::string& text) {
  bytes.append(text.c_str(), text.size() + 1);
}

// For the format see protocol::Spec.
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

bool send_header(int channel, const LaunchRequest& request, std::size_t specification_size) {
  protocol::LaunchHeader header;
  header.spec_size = specification_size;
  std::vector<int> fds;
  for (std::uint32_t slot = 0; slot < protocol::kFdSlots; ++slot) {
    if (!request.fds[slot]) continue;
    header.fds |= std::uint64_t{1} << slot;
    fds.push_back(request.fds[slot].get());
  }
  return send_message(channel, &header, sizeof header, fds);
}

std::chrono::milliseconds since(Clock::time_point time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - time);
}

}  // namespace

// --- launching

ServiceProcess::ServiceProcess(LaunchRequest request)
    : name_(request.name), request_(std::move(request)), specification_(encoded(*request_)) {
  begin_launch();
}

void ServiceProcess::begin_launch() {
  ++attempts_;
  begin_ = Clock::now();
  channel_.reset();
  supervisor_deadline_ = Deadline::after(scaled(kPatience));
  shepherd_ = 0;
  lost_ = all_ended_ = false;
  streams_ended_ = {};
  header_is_sent_ = false;
  bytes_sent_ = 0;
  is_sending_ = true;
  send_launch();
}

bool ServiceProcess::send_next_message() {
  if (!header_is_sent_) {
    header_is_sent_ = send_header(channel_.get(), *request_, specification_.size());
    return header_is_sent_;
  }
  const std::size_t size = std::min(protocol::kMaxMessage, specification_.size() - bytes_sent_);
  if (!send_message(channel_.get(), specification_.data() + bytes_sent_, size)) return false;
  bytes_sent_ += size;
  return true;
}

void ServiceProcess::send_launch() {
  if (is_sending_ && !channel_) {
    // If it throws, nothing is under way any more.
    is_sending_ = false;
    all_ended_ = true;
    channel_ = open_channel();
    is_sending_ = true;
    all_ended_ = false;
    if (!channel_) return;
    // From now on: it had other requests to answer first.
    supervisor_deadline_ = Deadline::after(scaled(kPatience));
  }
  while (is_sending_) {
    if (send_next_message()) {
      is_sending_ = bytes_sent_ < specification_.size();
      continue;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK) return;
    // The shepherd no longer reads: it was killed, or it has refused and its reason can be
    // received.
    is_sending_ = false;
    if (errno != EPIPE && errno != ECONNRESET) fail_launch({protocol::Stage::fork, errno});
  }
}

void ServiceProcess::fail_launch(LaunchError error) {
  launch_error_ = error;
  all_ended_ = true;
}

// The channel was closed without a reason. The end of one shepherd does not mean that of the
// others: a service may have killed its own.
void ServiceProcess::end_launch_without_reason() {
  if (attempts_ < kAttempts && supervisor_was_killed()) return begin_launch();
  fail_launch({protocol::Stage::shepherd, ECONNRESET});
}

void ServiceProcess::give_up_launch() { give_up(since(begin_)); }

// --- events

bool ServiceProcess::receive(protocol::Event& event) {
  const ssize_t n = receive_message(channel_.get(), &event, sizeof event, MSG_DONTWAIT);
  if (n == static_cast<ssize_t>(sizeof event)) return true;
  if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return false;
  lose();  // closed without all_ended: the shepherd was killed
  return false;
}

void ServiceProcess::lose() {
  lost_ = true;
  all_ended_ = true;
  streams_ended_ = {true, true};
}

void ServiceProcess::update() {
  if (all_ended_) return;
  send_launch();
  protocol::Event event;
  while (channel_ && !all_ended_ && receive(event)) take(event);
  if (all_ended_ && !launched() && !launch_error_) end_launch_without_reason();
  if (launched() || launch_error_) {
    // From here on only the service needs its descriptors.
    request_.reset();
    specification_ = std::string();
    is_sending_ = false;
  }
  if (all_ended_) channel_.reset();
}

void ServiceProcess::take(const protocol::Event& event) {
  using Type = protocol::EventType;
  const auto stream = static_cast<std::size_t>(event.stream);
  ++events_;
  switch (event.type) {
    case Type::spawned:
      shepherd_ = event.shepherd;
      break;
    case Type::launch_failed:
      // ECANCELED: the shepherd saw the end of its owner. This process is alive, so it was the
      // supervisor that ended.
      if (event.error == ECANCELED) {
        all_ended_ = true;
      } else {
        fail_launch({event.stage, event.error});
      }
      break;
    case Type::started:
      pid_ = event.pid;
      break;
    case Type::main_ended:
      main_status_ = ExitStatus::from_wait_status(event.status);
      left_others_ = event.left != 0;
      break;
    case Type::stream_ended:
      streams_ended_.at(stream) = true;
      break;
    case Type::log_failed:
      log_errors_.at(stream) = event.error;
      break;
    case Type::killing:
      had_to_be_killed_ = true;
      break;
    case Type::done:
      if (event.number == awaited_number_) awaited_number_ = 0;
      break;
    case Type::all_ended:
      all_ended_ = true;
      break;
  }
}

void ServiceProcess::wait_on(WaitSet& set) const {
  if (!channel_ && is_sending_) return wait_on_supervisor(set);
  set.add(channel_.get(), is_sending_ ? POLLIN | POLLOUT : POLLIN);
}

void ServiceProcess::wait(Deadline deadline) {
  if (all_ended_) return;
  WaitSet set;
  wait_on(set);
  set.wake_at(deadline.time());
  set.wait();
  update();
}

bool ServiceProcess::stream_ended(OutputStream stream) const {
  return all_ended_ || streams_ended_[static_cast<std::size_t>(stream)];
}

// --- requests

std::uint32_t ServiceProcess::send(protocol::Request request) {
  request.number = ++last_number_;
  // If the peer has ended, update() finds out why. There is room: all requests but the last have
  // been answered.
  send_message(channel_.get(), &request, sizeof request);
  return request.number;
}

// A stop may take for ever without a message from the shepherd, so pings check that it is alive.
template <typename Condition>
void ServiceProcess::wait_until(Condition condition) {
  std::uint64_t events = events_;
  bool was_asked = false;
  Clock::time_point last_answer = Clock::now();
  Deadline deadline = Deadline::after(scaled(kSilence));
  while (!condition() && !all_ended_) {
    wait(deadline);
    if (events_ != events) {
      events = events_;
      was_asked = false;
      last_answer = Clock::now();
      deadline = Deadline::after(scaled(kSilence));
    } else if (!all_ended_ && deadline.expired()) {
      if (was_asked) give_up(since(last_answer));
      protocol::Request request;
      request.type = protocol::RequestType::ping;
      send(request);
      was_asked = true;
      deadline = Deadline::after(scaled(kPatience));
    }
  }
}

void ServiceProcess::give_up(std::chrono::milliseconds silence) {
  const std::string what = absl::StrCat(name_, ": ", helper_in_words(), " has not answered for ",
                                        in_words(silence), " (is it stopped by SIGSTOP?)");
  was_given_up_ = true;
  lose();
  channel_.reset();
  throw TimeoutExpired(what);
}

std::string ServiceProcess::helper_in_words() const {
  if (shepherd_ == 0) return absl::StrCat("the supervisor (pid ", supervisor_pid(), ")");
  return absl::StrCat("its shepherd (pid ", shepherd_, "), the process that watches over it,");
}

std::string ServiceProcess::loss_in_words() const {
  return absl::StrCat(helper_in_words(), was_given_up_ ? " did not answer" : " was killed");
}

void ServiceProcess::send_and_wait_until_all_ended(const protocol::Request& request) {
  if (is_sending_) {
    // A shepherd that did not get the whole specification has started nothing, and ends.
    is_sending_ = false;
    all_ended_ = true;
    channel_.reset();
    return;
  }
  attempts_ = kAttempts;  // not launched again
  update();
  if (!all_ended_) send(request);
  wait_until([] { return false; });
}

void ServiceProcess::stop(int stop_signal, std::chrono::milliseconds timeout, int kill_signal) {
  protocol::Request request;
  request.type = protocol::RequestType::stop;
  request.signal = stop_signal;
  request.kill_signal = kill_signal;
  request.timeout_ms = timeout == forever ? -1 : timeout.count();
  send_and_wait_until_all_ended(request);
}

void ServiceProcess::kill(int kill_signal) {
  protocol::Request request;
  request.type = protocol::RequestType::kill;
  request.kill_signal = kill_signal;
  send_and_wait_until_all_ended(request);
}

void ServiceProcess::send_and_wait_until_done(protocol::RequestType type) {
  update();
  if (all_ended_ || is_sending_) return;
  protocol::Request request;
  request.type = type;
  awaited_number_ = send(request);
  wait_until([this] { return awaited_number_ == 0; });
}

void ServiceProcess::flush() { send_and_wait_until_done(protocol::RequestType::flush); }
void ServiceProcess::pause() { send_and_wait_until_done(protocol::RequestType::pause); }
void ServiceProcess::resume() { send_and_wait_until_done(protocol::RequestType::resume); }

}  // namespace mirakuru::detail
