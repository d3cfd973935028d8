// How a service that is kept running for other programs makes itself known: a file per service in
// a folder that programs look into, and a socket of the process that keeps it.
//
//   $MIRAKURU_FIXTURES/redis.service      what follows, a line for each: "port<TAB>41001"
#ifndef MIRAKURU_CORE_SRC_ANNOUNCEMENT_HPP_
#define MIRAKURU_CORE_SRC_ANNOUNCEMENT_HPP_

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <ctime>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "executor_state.hpp"
#include "unique_fd.hpp"

namespace mirakuru::detail {

struct Announcement {
  struct Log {
    std::string path;  // empty: not captured
    std::uint64_t head = 0;
    std::uint64_t segment = 0;
    std::uint64_t origin = 0;
    std::uint64_t begin = 0;  // of what the service printed since it was started last
  };

  std::string name;
  std::string keeper;  // the path of its socket
  pid_t owner = 0;     // the process whose end is that of the service
  pid_t pid = 0;
  std::time_t since = 0;  // when it was ready
  std::string command;
  std::string tmpdir;
  std::map<std::string, int> ports;  // "" for plain {port}
  std::array<Log, 2> logs;
};

// Of a service that is ready.
Announcement announcement_of(ExecutorState& executor, const std::string& keeper, pid_t owner);

// Makes `folder` where it is missing, for this user alone. While what it returns is open, nobody
// else gets it: two keepers that announce the same name at one time see each other. Throws
// std::system_error, as announce() does.
UniqueFd lock_folder(const std::string& folder);
void announce(const Announcement& announcement, const std::string& folder);
void take_back(const std::string& name, const std::string& folder);

// Only those whose keeper lives.
std::optional<Announcement> find_announcement(const std::string& name, const std::string& folder);
std::vector<Announcement> all_announcements(const std::string& folder);

// What the keeper is asked. It answers when it is done, by what is to be told; none where there is
// no keeper any more.
inline constexpr char kCatchUp[] = "catch up";  // the logs hold all that was printed before
inline constexpr char kStop[] = "stop";         // all of its services; says what did not end well
std::optional<std::string> ask_keeper(const std::string& socket, const std::string& question);

// A program that uses a service asks the keeper to look after it: where it ends without saying
// goodbye, by a signal, the keeper shows on the program's stderr, which it gets along, what the
// service printed since the marks (Output::mark() of its two streams).
inline constexpr char kLookAfterMe[] = "look after me";  // "look after me<TAB>redis<TAB>0<TAB>0"
// The connection to say goodbye by; empty where there is no keeper any more.
UniqueFd ask_keeper_to_look_after_me(const std::string& socket, const std::string& service,
                                     std::uint64_t mark, std::uint64_t err_mark);
inline constexpr char kGoodbye[] = "goodbye";
void say_goodbye(const UniqueFd& keeper);

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_ANNOUNCEMENT_HPP_
