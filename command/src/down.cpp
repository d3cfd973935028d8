// mirakuru down: stops what `mirakuru up` has started.
#include <cstdio>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "commands.hpp"
#include "mirakuru/ctest.hpp"
#include "service_record.hpp"

namespace mirakuru::command {
namespace {

int down(Words words) {
  take_options(words, {"directory", "owner"});
  use_directory_option();
  const std::string directory = ctest::fixtures_directory();
  std::vector<detail::ServiceRecord> services;
  if (words.empty()) services = detail::all_records(directory);
  for (const std::string& name : words) {
    if (auto service = detail::find_record(name, directory)) {
      services.push_back(std::move(*service));
    } else {
      std::printf("%s does not run\n", name.c_str());
    }
  }
  const pid_t owner = owner_pid();
  int code = 0;
  for (const detail::ServiceRecord& service : services) {
    if (owner != 0 && service.owner != owner) {
      std::printf("%s belongs to another process (%d)\n", service.name.c_str(), service.owner);
      continue;
    }
    // One that was started together with another one may have been stopped with it.
    const auto answer = detail::ask_daemon(service.daemon, detail::kStop);
    if (!answer) continue;
    std::printf("%s is stopped\n", service.name.c_str());
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
    "stop services that `up` has started",
    "Stops the services of these names, with those that were started together with them; all of\n"
    "them where no name is given. One that does not run is no error; one that had died or does "
    "not\n"
    "end well is exit code 70. With --owner, those of another owner stay.",
    {"directory", "owner"},
    down};

}  // namespace mirakuru::command
