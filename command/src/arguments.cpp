#include "arguments.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "absl/flags/flag.h"
#include "absl/flags/reflection.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "flags.hpp"
#include "service_file.hpp"

ABSL_FLAG(std::string, name, "", "what the service is called; else the name of its program");
ABSL_FLAG(std::string, ready, "",
          "how to tell that it is ready: tcp:HOST:PORT, http:URL, output:REGEX, file:PATH, "
          "unix:PATH, command:LINE or notify; several mean all of them");
ABSL_FLAG(std::string, ready_status, "", "the HTTP status that is wanted (a regex), if not 2xx");
ABSL_FLAG(std::string, ready_method, "", "the HTTP method to ask by, if not HEAD");
ABSL_FLAG(double, timeout, 60, "seconds from the start to being ready");
ABSL_FLAG(double, stop_timeout, 10, "seconds from the stop signal to the kill signal");
ABSL_FLAG(std::string, stop_signal, "SIGTERM", "by which it is asked to stop");
ABSL_FLAG(std::string, env, "", "VARIABLE=VALUE in its environment; several can be given");
ABSL_FLAG(std::string, cwd, "", "the directory that it runs in");
ABSL_FLAG(std::string, file, "",
          "a JSON file of services, in the place of one on the command line");
ABSL_FLAG(std::string, directory, "",
          "where running services are announced; else $MIRAKURU_FIXTURES, else the user's own");
ABSL_FLAG(std::string, owner, "none",
          "the process that the services belong to, and whose end stops them: a pid, \"parent\" or "
          "\"none\"");
ABSL_FLAG(bool, json, false, "print JSON");
ABSL_FLAG(bool, follow, false, "go on printing while the service does (-f)");
ABSL_FLAG(bool, err, false, "what it printed to stderr");
ABSL_FLAG(bool, dry_run, false, "end nothing");

namespace mirakuru::command {
namespace {

// A flag of abseil holds one value; these can be given more than once.
std::map<std::string, Words>& repeated() {
  static auto* const values = new std::map<std::string, Words>{{"ready", {}}, {"env", {}}};
  return *values;
}

std::string flag_name(const std::string& option) {
  return absl::StrReplaceAll(option, {{"-", "_"}});
}
std::string option_name(absl::string_view flag) { return absl::StrReplaceAll(flag, {{"_", "-"}}); }

absl::CommandLineFlag& flag_of(const std::string& name) { return *absl::FindCommandLineFlag(name); }

void set_flag(const std::string& name, const std::string& value) {
  std::string error;
  if (!flag_of(name).ParseFrom(value, &error)) {
    throw UsageError(absl::StrCat("--", option_name(name), ": '", value, "' ",
                                  error.empty() ? "does not fit" : error));
  }
  if (repeated().count(name) > 0) repeated()[name].push_back(value);
}

bool has_value_of_its_own(const std::string& name) { return !flag_of(name).IsOfType<bool>(); }

}  // namespace

void take_options(Words& words, const Words& known) {
  for (auto& [name, values] : repeated()) values.clear();
  for (const std::string& name : known) {
    std::string ignored;
    flag_of(name).ParseFrom(flag_of(name).DefaultValue(), &ignored);
  }
  auto word = words.begin();
  for (; word != words.end() && word->size() > 1 && word->front() == '-'; ++word) {
    if (*word == "--") {
      ++word;
      break;
    }
    const std::size_t equals = word->find('=');
    const std::string option = word->substr(0, equals);
    const std::string name = *word == "-f"                ? "follow"
                             : option.rfind("--", 0) == 0 ? flag_name(option.substr(2))
                                                          : "";
    if (std::count(known.begin(), known.end(), name) == 0) {
      throw UsageError(absl::StrCat("there is no option ", option));
    }
    if (equals != std::string::npos) {
      set_flag(name, word->substr(equals + 1));
    } else if (!has_value_of_its_own(name)) {
      set_flag(name, "true");
    } else if (++word != words.end()) {
      set_flag(name, *word);
    } else {
      throw UsageError(absl::StrCat(option, " needs a value"));
    }
  }
  words.erase(words.begin(), word);
}

const Words& service_options() {
  static const auto* const names =
      new Words{"name",         "ready",       "ready_status", "ready_method", "timeout",
                "stop_timeout", "stop_signal", "env",          "cwd"};
  return *names;
}

Definition service_of(const Words& words) {
  if (words.empty()) throw UsageError("there is no command to start");
  Definition service;
  service.words = words;
  service.name = absl::GetFlag(FLAGS_name);
  if (service.name.empty()) service.name = std::filesystem::path(words[0]).filename().string();
  for (const std::string& text : repeated()["ready"]) {
    service.ready.push_back(readiness_of(text));
    if (service.ready.back().kind == "http") {
      service.ready.back().status = absl::GetFlag(FLAGS_ready_status);
      service.ready.back().method = absl::GetFlag(FLAGS_ready_method);
    }
  }
  const bool by_http = std::any_of(service.ready.begin(), service.ready.end(),
                                   [](const Readiness& ready) { return ready.kind == "http"; });
  if (!by_http &&
      !(absl::GetFlag(FLAGS_ready_status) + absl::GetFlag(FLAGS_ready_method)).empty()) {
    throw UsageError("--ready-status and --ready-method are for --ready=http:URL alone");
  }
  Options& options = service.options;
  options.start_timeout = start_timeout_of(absl::GetFlag(FLAGS_timeout));
  options.stop_timeout = seconds_of(absl::GetFlag(FLAGS_stop_timeout));
  options.stop_signal = signal_of(absl::GetFlag(FLAGS_stop_signal));
  options.cwd = absl::GetFlag(FLAGS_cwd);
  for (const std::string& variable : repeated()["env"]) {
    const std::size_t equals = variable.find('=');
    if (equals == std::string::npos) {
      throw UsageError(absl::StrCat("--env: '", variable, "' is not VARIABLE=VALUE"));
    }
    options.env[variable.substr(0, equals)] = variable.substr(equals + 1);
  }
  check(service);
  return service;
}

std::vector<Definition> take_services(Words& words, const Words& more_options, bool has_tests) {
  std::vector<Definition> services;
  const Words all(words.begin(), words.end());
  Words known = service_options();
  known.push_back("file");
  known.insert(known.end(), more_options.begin(), more_options.end());
  while (true) {
    const auto end = std::find(words.begin(), words.end(), "::");
    const bool last = end == words.end();
    if (last && has_tests) break;
    Words part(words.begin(), end);
    words.erase(words.begin(), last ? end : end + 1);
    take_options(part, known);
    known = service_options();  // the rest concerns them all, and comes first
    known.push_back("file");
    const std::string file = absl::GetFlag(FLAGS_file);
    if (!file.empty()) {
      if (!part.empty()) throw UsageError("--file has the services: no command goes with it");
      for (Definition& service : read_service_file(file)) services.push_back(std::move(service));
    } else {
      services.push_back(service_of(part));
    }
    if (last) break;
  }
  if (services.empty()) {
    throw UsageError(
        "no service: [OPTION...] -- COMMAND... :: TESTS..., or --file FILE :: TESTS...");
  }
  if (has_tests && words.empty()) throw UsageError("there are no tests behind the last ::");
  return services;
}

pid_t owner_pid() {
  const std::string owner = absl::GetFlag(FLAGS_owner);
  if (owner == "none" || owner.empty()) return 0;
  if (owner == "parent") return getppid();
  pid_t pid = 0;
  if (!absl::SimpleAtoi(owner, &pid) || pid <= 0) {
    throw UsageError(absl::StrCat("--owner: '", owner, "' is no pid, nor \"parent\" or \"none\""));
  }
  return pid;
}

std::string options_help(const Words& names) {
  std::string help;
  for (const std::string& name : names) {
    const absl::CommandLineFlag& flag = flag_of(name);
    std::string left = "--" + option_name(name);
    if (has_value_of_its_own(name)) left += "=...";
    absl::StrAppendFormat(&help, "  %-22s %s", left, flag.Help());
    const std::string value = flag.DefaultValue();
    if (has_value_of_its_own(name) && !value.empty() && value != "none") {
      absl::StrAppend(&help, " (", value, ")");
    }
    help += '\n';
  }
  return help;
}

}  // namespace mirakuru::command
