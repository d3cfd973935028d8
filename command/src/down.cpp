// mirakuru down: stops the services of `mirakuru up`.
#include <cstdio>
#include <set>
#include <string>

#include "commands.hpp"
#include "mirakuru/ctest.hpp"
#include "service_record.hpp"

namespace mirakuru::command {
namespace {

int down(Words words) {
  take_options(words, {"directory", "owner"});
  use_directory_option();
  const std::string directory = ctest::fixtures_directory();
  const std::vector<detail::ServiceRecord> all = detail::all_records(directory);
  std::vector<detail::ServiceRecord> records;
  if (words.empty()) records = all;
  for (const std::string& name : words) {
    if (auto record = detail::find_record(name, directory)) {
      records.push_back(std::move(*record));
    } else {
      std::printf("%s is not running\n", name.c_str());
    }
  }
  const pid_t owner = owner_pid();
  int code = 0;
  std::set<std::string> stopped_daemons;
  for (const detail::ServiceRecord& record : records) {
    if (owner != 0 && record.owner != owner) {
      std::printf("%s has another owner (pid %d)\n", record.name.c_str(), record.owner);
      continue;
    }
    // A daemon stops all its services together.
    if (!stopped_daemons.insert(record.daemon).second) continue;
    const auto answer = detail::ask_daemon(record.daemon, detail::kStop);
    if (!answer) continue;  // it has ended by itself
    for (const detail::ServiceRecord& one : all) {
      if (one.daemon == record.daemon) std::printf("%s is stopped\n", one.name.c_str());
    }
    if (answer->empty()) continue;
    std::fprintf(stderr, "%s\n", answer->c_str());
    code = kDied;
  }
  return code;
}

}  // namespace

const Subcommand kDown{
    "down",
    "down [OPTION...] [NAME...]",
    "stop services that `up` started",
    "Stops the named services and those that were started together with them, or all services if\n"
    "there is no name. It is not an error if one is not running. The exit code is 70 if one had "
    "died\n"
    "or did not stop cleanly. With --owner, only services of this owner are stopped. Their output "
    "is\n"
    "saved as NAME.stdout.log and NAME.stderr.log in the directory.",
    {"directory", "owner"},
    down};

}  // namespace mirakuru::command
