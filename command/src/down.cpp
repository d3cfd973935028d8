// mirakuru down: stops the services of `mirakuru up`.
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
      std::printf("%s is not running\n", name.c_str());
    }
  }
  const pid_t owner = owner_pid();
  int code = 0;
  for (const detail::ServiceRecord& service : services) {
    if (owner != 0 && service.owner != owner) {
      std::printf("%s belongs to another process (%d)\n", service.name.c_str(), service.owner);
      continue;
    }
    // No answer: it was stopped together with an earlier one of these.
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
    "stop services that `up` started",
    "Stops the named services and those that were started together with them, or all services if\n"
    "there is no name. It is not an error if one is not running. The exit code is 70 if one had "
    "died\n"
    "or did not end well. With --owner, services of other owners keep running.",
    {"directory", "owner"},
    down};

}  // namespace mirakuru::command
