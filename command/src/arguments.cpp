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

ABSL_FLAG(std::string, name, "", "the service's name (default: the name of its program)");
ABSL_FLAG(std::string, ready, "",
          "when it is ready; if given several times, all must pass. KIND[:VALUE] is one of:");
#define MIRAKURU_CHECK(name, takes, metavariable, ready_when, ...)
#define MIRAKURU_CHECK_OPTION(check, option, metavariable, help) \
  ABSL_FLAG(std::string, ready_##option, "", "with " #check ": " help);
#include "check_kinds.def"
#undef MIRAKURU_CHECK
#undef MIRAKURU_CHECK_OPTION
ABSL_FLAG(double, timeout, 60, "seconds from the start until it must be ready");
ABSL_FLAG(double, stop_timeout, 10, "seconds from the stop signal to the kill signal");
ABSL_FLAG(std::string, stop_signal, "SIGTERM", "the signal that stops it");
ABSL_FLAG(std::string, env, "", "adds VARIABLE=VALUE to its environment; can be repeated");
ABSL_FLAG(std::string, cwd, "", "the directory to run it in");
ABSL_FLAG(std::string, file, "",
          "a service file (JSON), instead of a command and the other options of a service");
ABSL_FLAG(std::string, directory, "",
          "the directory with the records of running services (default: $MIRAKURU_FIXTURES, else "
          "$XDG_RUNTIME_DIR/mirakuru, or /tmp/mirakuru-of-UID)");
ABSL_FLAG(std::string, owner, "none",
          "up: the process whose end stops the services (a pid, \"parent\" or \"none\"); down: "
          "stop only services of this owner");
ABSL_FLAG(bool, json, false, "print a list of JSON objects (keys: see mirakuru(1))");
ABSL_FLAG(bool, follow, false, "keep printing until the service is stopped (-f)");
ABSL_FLAG(bool, err, false, "print its stderr instead of its stdout");
ABSL_FLAG(bool, dry_run, false, "only print them");

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
                                  error.empty() ? "is invalid" : error));
  }
  if (repeated().count(name) > 0) repeated()[name].push_back(value);
}

std::string flag_of_option(const CheckOption& option) {
  return absl::StrCat("ready_", option.name);
}

bool takes_value(const std::string& name) { return !flag_of(name).IsOfType<bool>(); }

}  // namespace

Words take_options(Words& words, const Words& known) {
  Words given;
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
      throw UsageError(absl::StrCat("unknown option ", option));
    }
    given.push_back(name);
    if (equals != std::string::npos) {
      set_flag(name, word->substr(equals + 1));
    } else if (!takes_value(name)) {
      set_flag(name, "true");
    } else if (++word != words.end()) {
      set_flag(name, *word);
    } else {
      throw UsageError(absl::StrCat(option, " requires a value"));
    }
  }
  words.erase(words.begin(), word);
  return given;
}

const Words& service_options() {
  static const auto* const names = [] {
    auto* const options = new Words{"name", "ready"};
    for (const CheckOption& option : check_options()) options->push_back(flag_of_option(option));
    for (const char* name : {"timeout", "stop_timeout", "stop_signal", "env", "cwd"}) {
      options->push_back(name);
    }
    return options;
  }();
  return *names;
}

ServiceDefinition definition_of(const Words& words) {
  if (words.empty()) throw UsageError("missing command");
  ServiceDefinition service;
  service.words = words;
  service.name = absl::GetFlag(FLAGS_name);
  if (service.name.empty()) service.name = std::filesystem::path(words[0]).filename().string();
  for (const std::string& text : repeated()["ready"]) {
    service.checks.push_back(parse_check(text));
  }
  for (const CheckOption& option : check_options()) {
    const std::string value = flag_of(flag_of_option(option)).CurrentValue();
    if (value.empty()) continue;
    bool is_used = false;
    for (CheckDefinition& check : service.checks) {
      if (check.kind != find_check_kind(option.check)) continue;
      check.options[option.name] = value;
      is_used = true;
    }
    if (!is_used) {
      throw UsageError(
          absl::StrCat("--", option_name(flag_of_option(option)),
                       " is only valid with --ready=", find_check_kind(option.check)->usage()));
    }
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

std::vector<ServiceDefinition> take_definitions(Words& words, const Words& more_options,
                                                bool has_tests) {
  std::vector<ServiceDefinition> services;
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
    const Words given = take_options(part, known);
    known = service_options();  // the others apply to all services, and come first
    known.push_back("file");
    const std::string file = absl::GetFlag(FLAGS_file);
    if (!file.empty()) {
      if (!part.empty()) throw UsageError("--file cannot be combined with a command");
      for (const std::string& name : service_options()) {
        if (std::count(given.begin(), given.end(), name) == 0) continue;
        throw UsageError(absl::StrCat("--file cannot be combined with --", option_name(name)));
      }
      for (ServiceDefinition& service : read_service_file(file))
        services.push_back(std::move(service));
    } else {
      services.push_back(definition_of(part));
    }
    if (last) break;
  }
  if (services.empty()) {
    throw UsageError(
        "missing service: [OPTION...] -- COMMAND... :: TESTS..., or --file FILE :: TESTS...");
  }
  if (has_tests && words.empty()) throw UsageError("missing tests after the last ::");
  return services;
}

pid_t owner_pid() {
  const std::string owner = absl::GetFlag(FLAGS_owner);
  if (owner == "none" || owner.empty()) return 0;
  if (owner == "parent") return getppid();
  pid_t pid = 0;
  if (!absl::SimpleAtoi(owner, &pid) || pid <= 0) {
    throw UsageError(
        absl::StrCat("--owner: invalid value '", owner, "'; use a pid, \"parent\" or \"none\""));
  }
  return pid;
}

std::string options_help(const Words& names) {
  std::string help;
  for (const std::string& name : names) {
    const absl::CommandLineFlag& flag = flag_of(name);
    std::string left = "--" + option_name(name);
    if (takes_value(name)) left += "=...";
    absl::StrAppendFormat(&help, "  %-22s %s", left, flag.Help());
    const std::string value = flag.DefaultValue();
    if (takes_value(name) && !value.empty() && value != "none") {
      absl::StrAppend(&help, " (", value, ")");
    }
    help += '\n';
    if (name != "ready") continue;
    for (const CheckKind& kind : check_kinds()) {
      absl::StrAppendFormat(&help, "  %-22s   %-15s %s\n", "", kind.usage(), kind.ready_when);
    }
  }
  return help;
}

}  // namespace mirakuru::command
