// The protocol between the library and the supervisor.
//
//   test program ──control── supervisor ── shepherd ── main process ── its children ...
//        └──────────channel────────────────────┘
//
// Over the control socket the supervisor reports once that it is up (SupervisorState). The library
// then sends one kind of message: SpawnShepherd, with one end of a new channel. From then on it
// communicates with that service's shepherd alone, over the channel. Both are SOCK_SEQPACKET pairs,
// so a message arrives whole or not at all. Both ends run on one machine and come from one build,
// so structures are sent as their bytes in memory. None of them has padding, which would be sent
// uninitialised.
#ifndef MIRAKURU_CORE_SUPERVISOR_PROTOCOL_HPP_
#define MIRAKURU_CORE_SUPERVISOR_PROTOCOL_HPP_

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace mirakuru::protocol {

// The descriptors that the supervisor program finds open when it starts.
constexpr int kControlFd = 3;  // its end of the control socket
constexpr int kOwnerFd = 4;    // a pidfd of the test program; closed if the kernel has none

// The largest message; a longer specification is split.
constexpr std::size_t kMaxMessage = 64 * 1024;

// From supervisor to owner, the first and only message.
struct SupervisorState {
  std::int32_t pid = 0;
  std::int32_t error = 0;  // 0: it is up. Otherwise an errno: it ends
  // 1: it ends, because /proc shows the processes of another pid namespace
  std::uint32_t has_foreign_proc = 0;
};

// From owner to supervisor, with one descriptor: the shepherd's end of the new channel. The byte
// has no meaning: an empty message would look like the end of the stream.
struct SpawnShepherd {
  std::uint8_t unused = 0;
};

// The service's output streams.
enum class OutputStream : std::uint32_t { std_out, std_err };

// The descriptors that come with a LaunchHeader: those whose bit is set in `fds`, in this order.
enum FdSlot : std::uint32_t {
  kStdin = 0,   // becomes the service's stdin
  kStdout = 1,  // direct: becomes its stdout; captured: the log file that the shepherd writes
  kStderr = 2,  // likewise
  kCwd = 3,     // an O_PATH descriptor of the directory to run in
  kLogDir = 4,  // where the segments of captured logs are made
  kEcho = 5,    // captured lines are copied here too (MIRAKURU_ECHO)
  kFdSlots = 6,
};

enum class StreamMode : std::uint32_t {
  direct,    // the descriptor is passed to the service
  capture,   // a pipe, whose output the shepherd writes to the descriptor
  terminal,  // the same through a pseudo-terminal
  merged,    // stderr only: the same as stdout
};

// From owner to shepherd, the first message. `spec_size` bytes of specification follow in messages
// of up to kMaxMessage.
struct LaunchHeader {
  std::uint64_t fds = 0;  // one bit per FdSlot
  std::uint64_t spec_size = 0;
};

// A captured log is one file up to `head` bytes; the rest goes to segments of `segment` bytes in
// files named "<log>.1", "<log>.2", ..., of which the last two are kept. So the byte at offset
// `head + n * segment` of the stream is the first of "<log>.<n + 1>".
struct LogLimit {
  std::uint64_t head = 0;  // 0: no limit, one file
  std::uint64_t segment = 0;
  std::uint64_t offset = 0;  // how much of the stream exists already, from an earlier start
};

// The specification: this structure, `group_count` group ids (std::uint32_t), and then strings,
// each with its NUL: the name for messages, the program's path, the logs' file names (stdout,
// stderr), `argument_count` arguments, `environment_count` variables.
struct Spec {
  StreamMode stdout_mode = StreamMode::capture;
  StreamMode stderr_mode = StreamMode::capture;
  LogLimit stdout_log;
  LogLimit stderr_log;
  std::int32_t stop_signal = 0;      // sent first when the owner has ended
  std::int32_t kill_signal = 0;      // sent after the grace period
  std::int64_t orphan_grace_ms = 0;  // time between the two when the owner has ended
  std::uint32_t change_user = 0;     // 1: run with `uid`, `gid` and the groups
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::uint32_t group_count = 0;
  std::uint32_t argument_count = 0;
  std::uint32_t environment_count = 0;
};

// From owner to shepherd, after the launch.
enum class RequestType : std::uint32_t {
  stop,    // `signal`; after `timeout_ms` `kill_signal`, until no process is left
  kill,    // `kill_signal` to all processes at once
  pause,   // SIGSTOP to all processes; answered by `done`
  resume,  // SIGCONT to all processes; answered by `done`
  // Answered by `done` when the logs hold all that has been printed, and every end that others can
  // have noticed has been reported.
  flush,
  ping,  // answered by `done` at once: distinguishes a shepherd that waits from a stuck one
};
struct Request {
  RequestType type = RequestType::stop;
  std::uint32_t number = 0;  // returned in `done`
  std::int32_t signal = 0;
  std::int32_t kill_signal = 0;
  std::int64_t timeout_ms = 0;  // negative: for ever
};

// From shepherd to owner. `spawned` is the first. A failed launch then has one more event,
// `launch_failed`; a successful one has `started`, and finally `all_ended`, after which the channel
// closes. (If fork fails, `launch_failed` comes alone, from the supervisor.)
enum class EventType : std::uint32_t {
  spawned,        // `shepherd`
  launch_failed,  // `stage`, `error`
  started,        // `pid` of the main process
  main_ended,     // `status` as in wait(2); `left` if processes of the service are left.
                  // All that the main process wrote is in the logs by then.
  stream_ended,   // `stream`: no more output will come
  log_failed,     // `stream`, `error`: output is lost because its log cannot be written
  killing,        // the timeout of a stop has expired; the kill signal is being sent
  done,           // the request `number` has been carried out
  all_ended,      // no process of the service is left
};

enum class Stage : std::uint32_t {
  none,
  fork,
  specification,  // the specification is invalid
  streams,        // the pipes or the terminal
  user,
  cwd,
  exec,
  shepherd,  // set by the library: the shepherd was killed before the program ran
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
constexpr bool have_no_padding() {
  return (std::has_unique_object_representations_v<Structures> && ...);
}
static_assert(have_no_padding<SupervisorState, SpawnShepherd, LaunchHeader, LogLimit, Spec, Request,
                              LaunchError, Event>());

}  // namespace mirakuru::protocol

#endif  // MIRAKURU_CORE_SUPERVISOR_PROTOCOL_HPP_
