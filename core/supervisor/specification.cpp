// Receives and checks a specification (see protocol.hpp).
#include "specification.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

namespace mirakuru::supervisor {
namespace {

using protocol::StreamMode;

// Far more than execve accepts, and small enough that sums of sizes do not overflow.
constexpr std::size_t kMaxSize = 64 * 1024 * 1024;

// Waits for a message. ECANCELED: the owner has ended.
int receive_message(const OwnerWatch& owner, void* data, std::size_t capacity, std::size_t& size,
                    Fd* fds = nullptr, std::size_t* fd_count = nullptr) {
  while (owner.wait_readable(owner.channel.get())) {
    const std::size_t fd_capacity = fds == nullptr ? 0 : std::size_t{protocol::kFdSlots};
    const ssize_t received =
        receive(owner.channel.get(), data, capacity, fds, fd_capacity, fd_count);
    if (received == 0) return ECANCELED;
    if (received > 0) {
      size = static_cast<std::size_t>(received);
      return 0;
    }
    if (errno != EAGAIN) return errno;
  }
  return ECANCELED;
}

bool is_captured(StreamMode mode) {
  return mode == StreamMode::capture || mode == StreamMode::terminal;
}

bool is_sound(StreamMode mode, const protocol::LogLimit& limit, const Fd& log) {
  if (mode == StreamMode::direct || mode == StreamMode::merged) return true;
  return is_captured(mode) && log && (limit.head == 0 || limit.segment > 0);
}

}  // namespace

int Specification::receive_from(const OwnerWatch& owner) {
  std::size_t size = 0;
  int error = receive_header(owner, size);
  if (error == 0) error = receive_bytes(owner, size);
  if (error == 0) error = parse(size);
  return error;
}

int Specification::receive_header(const OwnerWatch& owner, std::size_t& size) {
  protocol::LaunchHeader header;
  Fd received[protocol::kFdSlots];
  std::size_t received_count = 0;
  std::size_t message_size = 0;
  const int error =
      receive_message(owner, &header, sizeof header, message_size, received, &received_count);
  if (error != 0) return error;
  if (message_size != sizeof header) return EBADMSG;
  if (header.fds >> protocol::kFdSlots != 0) return EBADMSG;

  std::size_t taken = 0;
  for (std::size_t slot = 0; slot < protocol::kFdSlots; ++slot) {
    if ((header.fds >> slot & 1U) == 0) continue;
    if (taken == received_count) return EBADMSG;
    fds[slot] = std::move(received[taken++]);
  }
  if (taken != received_count) return EBADMSG;
  if (header.spec_size < sizeof head) return EBADMSG;
  if (header.spec_size > kMaxSize) return E2BIG;
  size = header.spec_size;
  return 0;
}

int Specification::receive_bytes(const OwnerWatch& owner, std::size_t size) {
  if (!bytes_.reserve(size)) return ENOMEM;
  for (std::size_t done = 0; done < size;) {
    std::size_t message_size = 0;
    const int error = receive_message(owner, bytes_.data() + done, size - done, message_size);
    if (error != 0) return error;
    done += message_size;
  }
  return 0;
}

int Specification::parse(std::size_t size) {
  char* next = bytes_.data();
  char* const end = next + size;
  std::memcpy(&head, next, sizeof head);
  next += sizeof head;

  if (head.group_count > static_cast<std::size_t>(end - next) / sizeof(gid_t)) return EBADMSG;
  static_assert(sizeof(gid_t) == sizeof(std::uint32_t) && sizeof head % alignof(gid_t) == 0);
  groups = reinterpret_cast<const gid_t*>(next);
  next += head.group_count * sizeof(gid_t);

  // Two more null pointers, one after the arguments and one after the environment.
  constexpr std::size_t kNames = 4;
  const std::size_t argument_end = kNames + std::size_t{head.argument_count};
  const std::size_t string_count = argument_end + std::size_t{head.environment_count};
  if (string_count > static_cast<std::size_t>(end - next)) return EBADMSG;
  if (!strings_.reserve(string_count + 2)) return ENOMEM;
  for (std::size_t i = 0; i < string_count; ++i) {
    void* const terminator = std::memchr(next, '\0', static_cast<std::size_t>(end - next));
    if (terminator == nullptr) return EBADMSG;
    if (i == argument_end) strings_.push(nullptr);
    strings_.push(next);
    next = static_cast<char*>(terminator) + 1;
  }
  if (head.environment_count == 0) strings_.push(nullptr);
  strings_.push(nullptr);
  if (next != end || head.argument_count == 0) return EBADMSG;

  name = strings_[0];
  program = strings_[1];
  log_names[0] = strings_[2];
  log_names[1] = strings_[3];
  arguments = strings_.data() + kNames;
  environment = strings_.data() + argument_end + 1;

  const bool streams_are_sound =
      head.stdout_mode != StreamMode::merged &&
      is_sound(head.stdout_mode, head.stdout_log, fds[protocol::kStdout]) &&
      is_sound(head.stderr_mode, head.stderr_log, fds[protocol::kStderr]);
  return streams_are_sound ? 0 : EBADMSG;
}

}  // namespace mirakuru::supervisor
