// Valid and invalid messages to the supervisor and a shepherd (core/supervisor/protocol.hpp).
#ifndef MIRAKURU_FUZZ_MESSAGES_HPP_
#define MIRAKURU_FUZZ_MESSAGES_HPP_

#include <fcntl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/unique_fd.hpp"
#include "fuzz.hpp"
#include "shared_file.hpp"
#include "supervisor/protocol.hpp"
#include "support/temp_dir.hpp"

namespace mirakuru::fuzz {

using detail::UniqueFd;
namespace protocol = mirakuru::protocol;

struct SocketPair {
  SocketPair() {
    int ends[2];
    require(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0, "a socket pair");
    ours.reset(ends[0]);
    theirs.reset(ends[1]);
  }
  UniqueFd ours;
  UniqueFd theirs;
};

// A message that finds no room, or nobody, is lost.
inline void send_message(int socket, std::string_view bytes, const std::vector<int>& fds = {}) {
  iovec content{const_cast<char*>(bytes.data()), bytes.size()};
  std::vector<char> control(CMSG_SPACE(sizeof(int) * fds.size()));
  msghdr message{};
  message.msg_iov = &content;
  message.msg_iovlen = 1;
  if (!fds.empty()) {
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    cmsghdr* const header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int) * fds.size());
    std::memcpy(CMSG_DATA(header), fds.data(), sizeof(int) * fds.size());
  }
  (void)sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

template <typename Structure>
std::string_view bytes_of(const Structure& structure) {
  return {reinterpret_cast<const char*>(&structure), sizeof structure};
}

// One descriptor of each kind, in the order of protocol::FdSlot.
inline const std::vector<int>& all_descriptors() {
  static const tests::TempDir directory;
  static const SharedFile log;
  static const std::vector<int> fds{open("/dev/null", O_RDWR | O_CLOEXEC),
                                    log.fd(),
                                    log.fd(),
                                    open("/proc", O_PATH | O_CLOEXEC),  // no place to make files
                                    open(directory.path().c_str(), O_PATH | O_CLOEXEC),
                                    open("/dev/null", O_RDWR | O_CLOEXEC)};
  log.assign("");
  return fds;
}

// They end soon by themselves: input may ask for an invalid stop signal or no timeout.
inline const std::vector<std::vector<std::string>>& programs() {
  static const std::vector<std::vector<std::string>> programs{
      {"/bin/true"},
      {"/bin/sh", "-c", "echo out; echo err >&2; exit 3"},
      {"/bin/sh", "-c", "sleep 0.01 & exit 0"},
      {"/bin/sh", "-c", "trap '' TERM INT; sleep 0.01"},
      {"/bin/sh", "-c", "kill -STOP $$"},
      {"/nonexistent"}};
  return programs;
}

inline std::string specification_from(Input& input) {
  const auto log_from = [&] {
    const std::uint64_t head = input.byte();
    return protocol::LogLimit{head, 1U + input.byte(), 0};
  };
  protocol::Spec spec;
  spec.stdout_mode = static_cast<protocol::StreamMode>(input.byte() % 3);
  spec.stderr_mode = static_cast<protocol::StreamMode>(input.byte() % 4);
  spec.stdout_log = log_from();
  spec.stderr_log = log_from();
  spec.stop_signal = input.byte();
  spec.kill_signal = input.byte();
  spec.orphan_grace_ms = input.byte();
  const std::vector<std::string>& words = programs()[input.byte() % programs().size()];
  spec.argument_count = static_cast<std::uint32_t>(words.size());
  spec.environment_count = 1;
  std::string bytes(bytes_of(spec));
  const auto add = [&](const std::string& text) { bytes.append(text.c_str(), text.size() + 1); };
  for (const std::string& text :
       {std::string("name"), words[0], std::string("out"), std::string("err")})
    add(text);
  for (const std::string& word : words) add(word);
  add("PATH=/bin");
  return bytes;
}

// A launch request, valid or damaged in one way.
struct LaunchRequest {
  std::string header;
  std::string specification;
  std::vector<int> fds;
  bool valid = false;
};

inline LaunchRequest launch_request_from(Input& input) {
  enum Damage {
    kNone,
    kCut,
    kByte,
    kSize,
    kSlots,
    kMoreFds,
    kFewerFds,
    kHeaderCut,
    kAnything,
    kCount
  };
  const int damage = input.byte() % kCount;
  LaunchRequest request;
  request.specification = specification_from(input);
  request.fds = all_descriptors();
  request.valid = damage == kNone;
  protocol::LaunchHeader header;
  header.fds = (1U << protocol::kFdSlots) - 1;
  const std::size_t position = input.byte() % request.specification.size();
  const std::uint8_t what = damage == kNone ? 0 : input.byte();
  if (damage == kCut) request.specification.resize(position);
  // One byte of the fixed-size fields at the beginning.
  if (damage == kByte)
    request.specification[position % sizeof(protocol::Spec)] = static_cast<char>(what);
  // Without a slash it is the path of no program.
  if (damage == kAnything) {
    request.specification = input.bytes(what);
    std::replace(request.specification.begin(), request.specification.end(), '/', '.');
  }
  header.spec_size = request.specification.size();
  if (damage == kSize) header.spec_size += static_cast<std::uint64_t>(what - 128);
  if (damage == kSlots) header.fds ^= what;
  if (damage == kMoreFds) request.fds.resize(request.fds.size() + 1 + what % 16, request.fds[0]);
  if (damage == kFewerFds) request.fds.resize(what % request.fds.size());
  request.header = bytes_of(header);
  if (damage == kHeaderCut) request.header.resize(what % request.header.size());
  return request;
}

// The specification in pieces of that size.
inline void send_launch_request(int channel, const LaunchRequest& request, std::size_t piece) {
  send_message(channel, request.header, request.fds);
  for (std::string_view left = request.specification; !left.empty();) {
    const std::string_view part = left.substr(0, piece);
    send_message(channel, part);
    left.remove_prefix(part.size());
  }
}

// A valid or invalid request.
inline void send_request_from(Input& input, int channel) {
  protocol::Request request;
  const std::uint8_t type = input.byte();
  if (type % 8 == 7) {
    const std::vector<int> fds(input.byte() % 32, all_descriptors()[0]);
    const std::string_view bytes = input.bytes(1U + type / 8U);
    if (!bytes.empty()) send_message(channel, bytes, fds);  // an empty one is the end
    return;
  }
  request.type = static_cast<protocol::RequestType>(type % 8);
  request.signal = input.byte() - 64;
  request.kill_signal = input.byte() - 64;
  request.timeout_ms = input.byte() - 1;
  send_message(channel, bytes_of(request));
}

// All that has come by now. At the end of the channel, `closed`.
inline std::vector<protocol::Event> events_in(int channel, bool& closed) {
  std::vector<protocol::Event> events;
  protocol::Event event;
  ssize_t size = 0;
  while ((size = recv(channel, &event, sizeof event, MSG_DONTWAIT)) > 0) {
    require(size == sizeof event, "an event is whole");
    events.push_back(event);
  }
  // ECONNRESET: the other end went without having read all of what we said.
  closed = size == 0 || errno == ECONNRESET;
  return events;
}

// An owner that has ended gets no more events, so the last may be missing.
inline void require_valid_event_sequence(const std::vector<protocol::Event>& events) {
  using Type = protocol::EventType;
  require(!events.empty(), "something is reported");
  const auto count = [&](Type type) {
    return std::count_if(events.begin(), events.end(),
                         [&](const protocol::Event& event) { return event.type == type; });
  };
  require(events.front().type == Type::spawned && count(Type::spawned) == 1, "it began, once");
  require(events.size() > 1, "the launch has a result");
  const protocol::Event& result = events[1];
  if (result.type == Type::launch_failed) {
    return require(events.size() == 2 && result.error != 0, "a failure is reported once");
  }
  require(result.type == Type::started && count(Type::started) == 1, "it started, once");
  require(count(Type::main_ended) <= 1, "its main process ended once");
  require(count(Type::all_ended) == (events.back().type == Type::all_ended ? 1 : 0),
          "the end is the end");
}

// Of a valid launch request.
inline void require_executed(const LaunchRequest& request,
                             const std::vector<protocol::Event>& events) {
  const bool there = request.specification.find("/nonexistent") == std::string::npos;
  require(events.at(1).type ==
              (there ? protocol::EventType::started : protocol::EventType::launch_failed),
          "a valid launch request is executed");
}

}  // namespace mirakuru::fuzz

#endif  // MIRAKURU_FUZZ_MESSAGES_HPP_
