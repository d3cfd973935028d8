#include "service_file.hpp"

#include <json/json.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <memory>
#include <set>
#include <sstream>
#include <stdexcept>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace mirakuru::command {
namespace {

// A value with the place where it stands, for messages.
class Place {
 public:
  Place(const std::string& file, const std::string& text, const Json::Value& value, std::string key)
      : file_(file), text_(text), value_(value), key_(std::move(key)) {}

  const Json::Value& value() const { return value_; }

  // "services.json:3: services.redis.timeout: "
  std::string where() const {
    const auto begin = text_.begin() + value_.getOffsetStart();
    return absl::StrCat(file_, ":", 1 + std::count(text_.begin(), begin, '\n'), ": ", key_,
                        key_.empty() ? "" : ": ");
  }
  [[noreturn]] void fail(const std::string& what) const {
    throw std::invalid_argument(where() + what);
  }

  Place operator[](const std::string& name) const {
    return Place(file_, text_, value_[name], key_.empty() ? name : key_ + "." + name);
  }
  bool has(const std::string& name) const { return value_.isMember(name); }

  void want_object(const std::set<std::string>& known) const {
    if (!value_.isObject()) fail("is to be an object {...}");
    for (const std::string& name : value_.getMemberNames()) {
      if (known.count(name) == 0) (*this)[name].fail("there is no such key");
    }
  }
  std::string string() const {
    if (!value_.isString()) fail("is to be a string");
    return value_.asString();
  }
  int integer() const {
    if (!value_.isInt()) fail("is to be a whole number");
    return value_.asInt();
  }
  bool boolean() const {
    if (!value_.isBool()) fail("is to be true or false");
    return value_.asBool();
  }
  std::vector<Place> elements() const {
    if (!value_.isArray()) fail("is to be a list [...]");
    std::vector<Place> places;
    for (Json::ArrayIndex i = 0; i < value_.size(); ++i) {
      places.push_back(Place(file_, text_, value_[i], absl::StrCat(key_, "[", i, "]")));
    }
    return places;
  }
  std::vector<std::string> strings() const {
    std::vector<std::string> strings;
    for (const Place& element : elements()) strings.push_back(element.string());
    return strings;
  }
  // What `make` makes of it, and where it throws, the place.
  template <typename Make>
  auto checked(Make make) const {
    try {
      return make();
    } catch (const std::invalid_argument& error) {
      fail(error.what());
    }
  }
  // `convert`: what takes seconds.
  std::chrono::milliseconds time(std::chrono::milliseconds (*convert)(double)) const {
    if (!value_.isNumeric()) fail("is to be a number of seconds");
    return checked([&] { return convert(value_.asDouble()); });
  }

 private:
  const std::string& file_;
  const std::string& text_;
  const Json::Value& value_;
  std::string key_;
};

std::vector<std::string> words_of(const Place& command) {
  if (command.value().isArray()) return command.strings();
  const std::string line = command.string();
  return command.checked([&] { return Command(line).words(); });
}

Readiness readiness_of(const Place& place) {
  place.want_object(
      {"tcp", "http", "output", "file", "unix", "command", "notify", "status", "method"});
  Readiness ready;
  for (const char* kind : {"tcp", "http", "output", "file", "unix", "command", "notify"}) {
    if (!place.has(kind)) continue;
    if (!ready.kind.empty()) place.fail("says two ways: put each into an object of its own");
    ready.kind = kind;
  }
  if (ready.kind.empty()) place.fail("says no way to tell that it is ready, such as \"tcp\"");
  if (ready.kind == "command") {
    ready.words = words_of(place["command"]);
  } else if (ready.kind == "notify") {
    if (!place["notify"].boolean()) place["notify"].fail("is to be true");
  } else {
    ready.subject = place[ready.kind].string();
  }
  for (const char* key : {"status", "method"}) {
    if (place.has(key) && ready.kind != "http") place[key].fail("is for \"http\" alone");
  }
  if (place.has("status")) {
    const Place status = place["status"];
    ready.status = status.value().isNumeric() ? std::to_string(status.integer()) : status.string();
  }
  if (place.has("method")) ready.method = place["method"].string();
  // By itself, for a message that names the place.
  Definition alone;
  alone.name = "alone";
  alone.words = {"true"};
  alone.ready = {ready};
  place.checked([&] { check(alone); });
  return ready;
}

Definition definition_of(const std::string& name, const Place& place) {
  place.want_object({"command", "shell", "ready", "timeout", "stop_timeout", "stop_signal",
                     "expected_returncode", "environment", "working_directory", "user", "launcher",
                     "depends"});
  Definition service;
  service.name = name;
  if (place.has("command") == place.has("shell")) {
    place.fail("needs a \"command\", or a \"shell\" script in its place");
  }
  service.words = place.has("command") ? words_of(place["command"])
                                       : Command::shell(place["shell"].string()).words();
  if (place.has("ready")) {
    const Place ready = place["ready"];
    if (ready.value().isArray()) {
      for (const Place& element : ready.elements()) service.ready.push_back(readiness_of(element));
    } else {
      service.ready.push_back(readiness_of(ready));
    }
  }
  Options& options = service.options;
  if (place.has("timeout")) options.start_timeout = place["timeout"].time(start_timeout_of);
  if (place.has("stop_timeout")) options.stop_timeout = place["stop_timeout"].time(seconds_of);
  if (place.has("stop_signal")) {
    const Place signal = place["stop_signal"];
    const std::string wanted = signal.string();
    options.stop_signal = signal.checked([&] { return signal_of(wanted); });
  }
  if (place.has("expected_returncode")) {
    options.expected_returncode = place["expected_returncode"].integer();
  }
  if (place.has("environment")) {
    const Place environment = place["environment"];
    if (!environment.value().isObject()) environment.fail("is to be an object {...}");
    for (const std::string& variable : environment.value().getMemberNames()) {
      options.env[variable] = environment[variable].string();
    }
  }
  if (place.has("working_directory")) options.cwd = place["working_directory"].string();
  if (place.has("user")) options.user = place["user"].string();
  if (place.has("launcher")) options.launcher = place["launcher"].boolean();
  if (place.has("depends")) {
    service.depends = place["depends"].strings();
    service.where_depends = place["depends"].where();
  }
  place.checked([&] { check(service); });
  return service;
}

// "* Line 3, Column 5\n  Missing ',' or '}' in object declaration\n..."
[[noreturn]] void fail_to_parse(const std::string& path, const std::string& errors) {
  std::istringstream lines(errors);
  std::string where;
  std::string what;
  std::getline(lines, where);
  std::getline(lines, what);
  absl::string_view line = where;
  absl::ConsumePrefix(&line, "* Line ");
  line = line.substr(0, line.find(','));
  throw std::invalid_argument(
      absl::StrCat(path, ":", line, ": ", absl::StripLeadingAsciiWhitespace(what)));
}

}  // namespace

std::vector<Definition> read_service_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::invalid_argument(absl::StrCat(path, ": ", std::strerror(errno)));
  std::ostringstream content;
  content << file.rdbuf();
  const std::string text = content.str();

  Json::CharReaderBuilder builder;
  Json::CharReaderBuilder::strictMode(&builder.settings_);
  const std::unique_ptr<Json::CharReader> reader(builder.newCharReader());
  Json::Value root;
  std::string errors;
  try {
    if (!reader->parse(text.data(), text.data() + text.size(), &root, &errors)) {
      fail_to_parse(path, errors);
    }
  } catch (const Json::Exception& error) {
    throw std::invalid_argument(absl::StrCat(path, ": ", error.what()));  // too deep
  }
  const Place top(path, text, root, "");
  top.want_object({"services"});
  if (!top.has("services")) top.fail("needs \"services\": {...}");
  const Place services = top["services"];
  if (!services.value().isObject()) services.fail("is to be an object {...}");
  std::vector<Definition> definitions;
  for (const std::string& name : services.value().getMemberNames()) {
    definitions.push_back(definition_of(name, services[name]));
  }
  return definitions;
}

int signal_of(const std::string& name) {
  int number = 0;
  if (!absl::SimpleAtoi(name, &number)) {
    absl::string_view bare = name;
    absl::ConsumePrefix(&bare, "SIG");
    for (int signal = 1; signal < NSIG && number == 0; ++signal) {
      const char* const abbreviation = sigabbrev_np(signal);
      if (abbreviation != nullptr && bare == abbreviation) number = signal;
    }
  }
  if (number <= 0 || number >= NSIG) {
    throw std::invalid_argument(absl::StrCat("'", name, "' is no signal, such as SIGINT"));
  }
  return number;
}

std::chrono::milliseconds seconds_of(double seconds) {
  constexpr double kMost = 1e9;  // 30 years, and far from what overflows
  if (!(seconds >= 0 && seconds <= kMost)) {
    throw std::invalid_argument(absl::StrCat(seconds, " is no time in seconds"));
  }
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

std::chrono::milliseconds start_timeout_of(double seconds) {
  const std::chrono::milliseconds timeout = seconds_of(seconds);
  if (timeout.count() == 0) {
    throw std::invalid_argument(absl::StrCat(seconds, " s is no time to get ready in"));
  }
  return timeout;
}

}  // namespace mirakuru::command
