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
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"

namespace mirakuru::command {
namespace {

// A JSON value that knows its file, line and key, for messages.
class Node {
 public:
  Node(const std::string& file, const std::string& text, const Json::Value& value, std::string key)
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

  Node operator[](const std::string& name) const {
    return Node(file_, text_, value_[name], key_.empty() ? name : key_ + "." + name);
  }
  bool has(const std::string& name) const { return value_.isMember(name); }

  void want_object(const std::set<std::string>& known) const {
    if (!value_.isObject()) fail("must be an object {...}");
    for (const std::string& name : value_.getMemberNames()) {
      if (known.count(name) == 0) {
        (*this)[name].fail(absl::StrCat("unknown key; known keys: ", absl::StrJoin(known, ", ")));
      }
    }
  }
  std::string string() const {
    if (!value_.isString()) fail("must be a string");
    return value_.asString();
  }
  int integer() const {
    if (!value_.isInt()) fail("must be an integer");
    return value_.asInt();
  }
  bool boolean() const {
    if (!value_.isBool()) fail("must be true or false");
    return value_.asBool();
  }
  std::vector<Node> elements() const {
    if (!value_.isArray()) fail("must be a list [...]");
    std::vector<Node> elements;
    for (Json::ArrayIndex i = 0; i < value_.size(); ++i) {
      elements.push_back(Node(file_, text_, value_[i], absl::StrCat(key_, "[", i, "]")));
    }
    return elements;
  }
  std::vector<std::string> strings() const {
    std::vector<std::string> strings;
    for (const Node& element : elements()) strings.push_back(element.string());
    return strings;
  }
  // What `make` makes of it, and where it throws, the node.
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
    if (!value_.isNumeric()) fail("must be a number of seconds");
    return checked([&] { return convert(value_.asDouble()); });
  }

 private:
  const std::string& file_;
  const std::string& text_;
  const Json::Value& value_;
  std::string key_;
};

std::vector<std::string> words_of(const Node& command) {
  if (command.value().isArray()) return command.strings();
  const std::string line = command.string();
  return command.checked([&] { return Command(line).words(); });
}

CheckDefinition check_of(const Node& node) {
  std::set<std::string> known;
  for (const CheckKind& kind : check_kinds()) known.insert(kind.name);
  for (const CheckOption& option : check_options()) known.insert(option.name);
  node.want_object(known);
  CheckDefinition check;
  for (const CheckKind& kind : check_kinds()) {
    if (!node.has(kind.name)) continue;
    if (check.kind != nullptr) node.fail("has two checks; put each into an object of its own");
    check.kind = &kind;
  }
  if (check.kind == nullptr) node.fail("missing check; use one of " + check_kind_names());
  const Node value = node[check.kind->name];
  switch (check.kind->takes) {
    case CheckKind::Takes::text:
      check.text = value.string();
      break;
    case CheckKind::Takes::words:
      check.words = words_of(value);
      break;
    case CheckKind::Takes::nothing:
      if (!value.boolean()) value.fail("must be true");
  }
  for (const CheckOption& option : check_options()) {
    if (!node.has(option.name)) continue;
    const Node setting = node[option.name];
    if (check.kind != find_check_kind(option.check)) {
      setting.fail(absl::StrCat("is only valid with \"", option.check, "\""));
    }
    check.options[option.name] =
        setting.value().isNumeric() ? std::to_string(setting.integer()) : setting.string();
  }
  // By itself, so that a message names this node.
  ServiceDefinition alone;
  alone.name = "alone";
  alone.words = {"true"};
  alone.checks = {check};
  node.checked([&] { mirakuru::command::check(alone); });
  return check;
}

ServiceDefinition definition_of(const std::string& name, const Node& node) {
  node.want_object({"command", "shell", "ready", "timeout", "stop_timeout", "stop_signal",
                    "expected_returncode", "environment", "cwd", "user", "launcher", "depends"});
  ServiceDefinition service;
  service.name = name;
  if (node.has("command") == node.has("shell")) {
    node.fail("must have either \"command\" or \"shell\"");
  }
  service.words = node.has("command") ? words_of(node["command"])
                                      : Command::shell(node["shell"].string()).words();
  if (node.has("ready")) {
    const Node ready = node["ready"];
    if (ready.value().isArray()) {
      for (const Node& element : ready.elements()) service.checks.push_back(check_of(element));
    } else {
      service.checks.push_back(check_of(ready));
    }
  }
  Options& options = service.options;
  if (node.has("timeout")) options.start_timeout = node["timeout"].time(start_timeout_of);
  if (node.has("stop_timeout")) options.stop_timeout = node["stop_timeout"].time(seconds_of);
  if (node.has("stop_signal")) {
    const Node signal = node["stop_signal"];
    const std::string wanted = signal.string();
    options.stop_signal = signal.checked([&] { return signal_of(wanted); });
  }
  if (node.has("expected_returncode")) {
    options.expected_returncode = node["expected_returncode"].integer();
  }
  if (node.has("environment")) {
    const Node environment = node["environment"];
    if (!environment.value().isObject()) environment.fail("must be an object {...}");
    for (const std::string& variable : environment.value().getMemberNames()) {
      options.env[variable] = environment[variable].string();
    }
  }
  if (node.has("cwd")) options.cwd = node["cwd"].string();
  if (node.has("user")) options.user = node["user"].string();
  if (node.has("launcher")) options.launcher = node["launcher"].boolean();
  if (node.has("depends")) {
    service.depends = node["depends"].strings();
    service.where_depends = node["depends"].where();
  }
  node.checked([&] { check(service); });
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

std::vector<ServiceDefinition> read_service_file(const std::string& path) {
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
  const Node top(path, text, root, "");
  top.want_object({"services"});
  if (!top.has("services")) top.fail("missing \"services\": {...}");
  const Node services = top["services"];
  if (!services.value().isObject()) services.fail("must be an object {...}");
  std::vector<ServiceDefinition> definitions;
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
    throw std::invalid_argument(
        absl::StrCat("'", name, "': unknown signal; use a name such as SIGINT, or a number"));
  }
  return number;
}

std::chrono::milliseconds seconds_of(double seconds) {
  constexpr double kMost = 1e9;  // 30 years, and far from what overflows
  if (!(seconds >= 0 && seconds <= kMost)) {
    throw std::invalid_argument(absl::StrCat(seconds, ": invalid time in seconds"));
  }
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

std::chrono::milliseconds start_timeout_of(double seconds) {
  const std::chrono::milliseconds timeout = seconds_of(seconds);
  if (timeout.count() == 0) {
    throw std::invalid_argument("the timeout must be greater than 0");
  }
  return timeout;
}

}  // namespace mirakuru::command
