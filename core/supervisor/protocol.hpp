// What the library and the supervisor say to each other.
//
//   test program ──control── supervisor ── shepherd ── main process ── its children ...
//        └──────────channel────────────────────┘
//
// The control socket carries one kind of message: SpawnShepherd, with the far end of a fresh
// channel. From then on the library talks to that service's shepherd alone, over the channel.
// Both are SOCK_SEQPACKET pairs, so a message is whole or not there, and both ends run on one
// machine from one build, so the structures are sent as they lie in memory.
#ifndef MIRAKURU_CORE_SUPERVISOR_PROTOCOL_HPP_
#define MIRAKURU_CORE_SUPERVISOR_PROTOCOL_HPP_

#include <cstddef>
#include <cstdint>

namespace mirakuru::protocol {

// The descriptors that the supervisor program finds open when it starts.
constexpr int kControlFd = 3;  // its end of the control socket
constexpr int kOwnerFd = 4;    // a pidfd of the test program; closed where the kernel has none
// Its arguments: argv[1] is the directory to delete when all is over ("" for none).
// Every message ends at this size; a specification that is longer comes in several.
constexpr std::size_t kMaxMessage = 64 * 1024;

// Owner to supervisor, with one descriptor: the shepherd's end of the new channel.
struct SpawnShepherd {
  std::uint32_t version = 1;
};

// The descriptors that come with a Launch, in this order, those whose bit is set in `fds`.
enum FdSlot : std::uint32_t {
  kStdin = 0,       // becomes the service's stdin
  kStdout = 1,      // direct: becomes its stdout; captured: the log file that the shepherd writes
  kStderr = 2,      // likewise
  kWorkingDir = 3,  // an O_PATH descriptor of the directory to run in
  kLogDir = 4,      // where further segments of captured logs are made
  kEcho = 5,        // captured lines are copied here too (MIRAKURU_ECHO)
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
struct Launch {
  std::uint32_t fds = 0;  // bit per FdSlot
  std::uint32_t spec_size = 0;
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
  // can have noticed has been told.
  flush,
};
struct Request {
  RequestType type = RequestType::stop;
  std::int32_t signal = 0;
  std::int32_t kill_signal = 0;
  std::int64_t timeout_ms = 0;  // negative: for ever
};

// Shepherd to owner. A failed launch has one event, launch_failed; any other has `started`, and
// ends with `all_ended`, after which the channel closes.
enum class EventType : std::uint32_t {
  launch_failed,  // `stage`, `error` (an errno)
  started,        // `pid` of the main process, `shepherd`
  main_ended,     // `status` as of wait(2); `left` where processes of the service are left.
                  // All that the main process wrote is in the logs by then.
  stream_ended,   // `stream` (1 or 2): no more output will come
  log_failed,     // `stream`, `error`: output is lost since its log cannot be written
  killing,        // the stop signal did not do; the kill signal is being sent
  done,           // a pause or resume is done
  all_ended,      // no process of the service is left
};

enum class Stage : std::uint32_t {
  none,
  fork,
  specification,  // the launch message was not understood
  streams,        // pipes or the terminal
  user,
  working_dir,
  exec,
};

struct Event {
  EventType type = EventType::all_ended;
  std::int32_t pid = 0;
  std::int32_t shepherd = 0;
  std::int32_t status = 0;
  std::int32_t error = 0;
  Stage stage = Stage::none;
  std::uint32_t stream = 0;
  std::uint32_t left = 0;
};

}  // namespace mirakuru::protocol

#endif  // MIRAKURU_CORE_SUPERVISOR_PROTOCOL_HPP_
