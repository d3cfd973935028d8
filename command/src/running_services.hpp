// This user's running services on this machine: those with a record, and processes that an executor
// of any program has marked in their environment by
// mirakuru_uuid=<pid of the test program>:<id of the service>.
#ifndef MIRAKURU_COMMAND_SRC_RUNNING_SERVICES_HPP_
#define MIRAKURU_COMMAND_SRC_RUNNING_SERVICES_HPP_

#include <sys/types.h>

#include <cstdint>
#include <ctime>
#include <string>
#include <vector>

namespace mirakuru::command {

struct RunningService {
  std::string name;  // the name of its program if it has no record
  pid_t owner = 0;
  bool owner_lives = false;
  std::vector<pid_t> pids;  // the main process is the first
  std::time_t since = 0;
  std::uint64_t memory = 0;  // bytes that are resident, of all
  std::vector<int> ports;    // TCP ports that they listen on
};

// A process that has cleared its environment (redis does) is only found if `directory` has a record
// of it.
std::vector<RunningService> running_services(const std::string& directory);

// "ctest (pid 42)".
std::string owner_in_words(const RunningService& service);

}  // namespace mirakuru::command

#endif  // MIRAKURU_COMMAND_SRC_RUNNING_SERVICES_HPP_
