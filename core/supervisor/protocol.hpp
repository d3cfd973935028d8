// What the library and the supervisor say to each other.
//
//   test program ──control── supervisor ── shepherd ── main process ── its children ...
//        └──────────channel────────────────────┘
//
// Over the control socket the supervisor says once that it is up (SupervisorState). The library
// then sends one kind of message: SpawnShepherd, with one end of a new channel. From then on it
// talks to that service's shepherd alone, over the channel. Both are SOCK_SEQPACKET pairs, so a
// message arrives whole or not at all. Both ends run on one machine and come from one build, so
// structures are sent as they lie in memory. None of them has padding, which would be sent
// uninitialised.
#ifndef MIRAKURU_CORE_SUPERVISOR_PROTOCOL_HPP_
#define MIRAKURU_CORE_SUPERVISOR_PROTOCOL_HPP_

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace mirakuru::protocol {

// The descriptors that the supervisor program finds open when it starts.
constexpr int kControlFd = 3;  // its end of the control socket
constexpr int kOwnerFd = 4;    // a pidfd of the test program; closed where the kernel has none

// The largest message; a longer specification is sent in several.
constexpr std::size_t kMaxMessage = 64 * 1024;

// Supervisor to owner, the first and only message.
struct SupervisorState {
  std::int32_t pid = 0;
  std::int32_t error = 0;  // 0: it is up. Otherwise an errno: it ends
  // 1: it ends, because /proc shows the processes of another pid namespace
  std::uint32_t has_foreign_proc = 0;
};

// Owner to supervisor, with one descriptor: the shepherd's end of the new channel. The byte means
// nothing: an empty message could not be told from the end of the stream.
struct SpawnShepherd {
  std::uint8_t unused = 0;
};

// The service's output streams.
enum class OutputStream : std::uint32_t { std_out, std_err };

// The descriptors that come with a LaunchHeader, in this order, those whose bit is set in `fds`.
enum FdSlot : std::uint32_t {
  kStdin = 0,   // becomes the service's stdin
  kStdout = 1,  // direct: becomes its stdout; captured: the log file that the shepherd writes
  kStderr = 2,  // likewise
  kCwd = 3,     // an O_PATH descriptor of the directory to run in
  kLogDir = 4,  // where further segments of captured logs are made
  kEcho = 5,    // captured lines are copied here too (MIRAKURU_ECHO)
  kFdSlots = 6,
};

enum class StreamMode : std::uint32_t {
  direct,    // the descriptor is handed to the service
  capture,   // a pipe that the shepherd drains into the descriptor
  terminal,  // the same through a pseudo-terminal
  merged,    // stderr only: the same as stdout
};

// Owner to shepherd, the first message. `spec_size` bytes of specification follow it in messages
// of up to kMaxMessage.
struct LaunchHeader {
  std::uint64_t fds = 0;  // bit per FdSlot
  std::uint64_t spec_size = 0;
};

// A captured log is one file while it is shorter than `head`; what comes after goes to segments
// of `segment` bytes in files named "<log>.1", "<log>.2", ..., of which the last two are kept.
// The byte at offset `head + n * segment` of the stream is thus the first of "<log>.<n + 1>".
struct LogLimit {
  std::uint64_t head = 0;  // 0: no limit, one file
  std::uint64_t segment = 0;
  std::uint64_t offset = 0;  // how much of the stream is there already, from an earlier start
};

// The specification: this structure, `group_count` group ids (std::uint32_t), and then strings,
// each with its NUL: the name for messages, the program's path, the log's file name (stdout,
// stderr), `argument_count` arguments, `environment_count` variables.
struct Spec {
  StreamMode stdout_mode = StreamMode::capture;
  StreamMode stderr_mode = StreamMode::capture;
  LogLimit stdout_log;
  LogLimit stderr_log;
  std::int32_t stop_signal = 0;      // sent first when the owner has ended
  std::int32_t kill_signal = 0;      // sent after the grace
  std::int64_t orphan_grace_ms = 0;  // from one to the other, when the owner has ended
  std::uint32_t change_user = 0;     // 1: run as `uid`, `gid` and the groups
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::uint32_t group_count = 0;
  std::uint32_t argument_count = 0;
  std::uint32_t environment_count = 0;
};

// Owner to shepherd, later.
enum class RequestType : std::uint32_t {
  stop,    // `signal`; after `timeout_ms` `kill_signal`, until no process is left
  kill,    // `kill_signal` to all at once
  pause,   // SIGSTOP to all; answered by `done`
  resume,  // SIGCONT to all; answered by `done`
  // Answered by `done`, when the logs hold all that has been printed, and every end that somebody
  // can have noticed has been reported.
  flush,
  ping,  // answered by `done` at once: tells a shepherd that waits from one that is stuck
};
struct Request {
  RequestType type = RequestType::stop;
  std::uint32_t number = 0;  // comes back in `done`
  std::int32_t signal = 0;
  std::int32_t kill_signal = 0;
  std::int64_t timeout_ms = 0;  // negative: for ever
};

// Shepherd to owner. `spawned` is the first. Then a failed launch has one more event,
// `launch_failed`; any other has `started`, and ends with `all_ended`, after which the channel
// closes. (Where fork fails, `launch_failed` comes alone, from the supervisor.)
enum class EventType : std::uint32_t {
  spawned,        // `shepherd`
  launch_failed,  // `stage`, `error`
  started,        // `pid` of the main process
  main_ended,     // `status` as of wait(2); `left` where processes of the service are left.
                  // All that the main process wrote is in the logs by then.
  stream_ended,   // `stream`: no more output will come
  log_failed,     // `stream`, `error`: output is lost since its log cannot be written
  killing,        // the time-out of a stop is over; the kill signal is being sent
  done,           // what the request `number` asked for is done
  all_ended,      // no process of the service is left
};

enum class Stage : std::uint32_t {
  none,
  fork,
  specification,  // the specification was not understood
  streams,        // pipes or the terminal
  user,
  cwd,
  exec,
  shepherd,  // of the library alone: the shepherd was killed before the program ran
};

// Why a launch failed.
struct LaunchError {
  Stage stage = Stage::none;  // none: it did not fail
  std::int32_t error = 0;     // an errno
};

struct Event {
  EventType type = EventType::all_ended;
  std::int32_t pid = 0;
  std::int32_t shepherd = 0;
  std::int32_t status = 0;
  std::int32_t error = 0;  // an errno
  Stage stage = Stage::none;
  OutputStream stream = OutputStream::std_out;
  std::uint32_t left = 0;
  std::uint32_t number = 0;
};

template <typename... Structures>
constexpr bool kHaveNoPadding = (std::has_unique_object_representations_v<Structures> && ...);
static_assert(kHaveNoPadding<SupervisorState, SpawnShepherd, LaunchHeader, LogLimit, Spec, Request,
                             LaunchError, Event>);

}  // namespace mirakuru::protocol

#endif  // MIRAKURU_CORE_SUPERVISOR_PROTOCOL_HPP_
