// Service files: accepted files match the JSON and give executors; errors name file and line.
#include <json/json.h>
#include <re2/re2.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "fuzz.hpp"
#include "group.hpp"
#include "service_definition.hpp"
#include "service_file.hpp"
#include "shared_file.hpp"

namespace mirakuru::fuzz {
namespace {

using command::ServiceDefinition;

Json::Value services_in(const std::string& text) {
  const std::unique_ptr<Json::CharReader> reader(Json::CharReaderBuilder().newCharReader());
  Json::Value root;
  require(reader->parse(text.data(), text.data() + text.size(), &root, nullptr),
          "an accepted file is JSON");
  return root["services"];
}

void require_the_same_seconds(const Json::Value& seconds, std::chrono::milliseconds taken) {
  if (seconds.isNull()) return;
  const double difference = seconds.asDouble() * 1000 - static_cast<double>(taken.count());
  require(difference > -1 && difference < 1, "times are seconds");
}

void require_the_same(const Json::Value& said, const ServiceDefinition& taken) {
  if (said["command"].isArray()) {
    std::vector<std::string> words;
    for (const Json::Value& word : said["command"]) words.push_back(word.asString());
    require(taken.words == words, "a list of words is taken as it is");
  }
  require_the_same_seconds(said["timeout"], taken.options.start_timeout);
  require_the_same_seconds(said["stop_timeout"], taken.options.stop_timeout);
  require(taken.options.env.size() == said["environment"].size(), "all variables");
  require(taken.depends.size() == said["depends"].size(), "all dependencies");
  const Json::Value& ready = said["ready"];
  require(taken.checks.size() == (ready.isArray()  ? ready.size()
                                  : ready.isNull() ? 0U
                                                   : 1U),
          "all checks");
  if (said["launcher"].isBool())
    require(taken.options.launcher == said["launcher"].asBool(), "launcher");
}

void require_a_place(const std::string& message, const std::string& path, const std::string& text) {
  int line = 0;
  const std::string prefix = path + ":";
  require(message.compare(0, prefix.size(), prefix) == 0, "the file is named: " + message);
  // Only "too deep" has no line.
  if (!RE2::PartialMatch(message.substr(prefix.size()), "^([0-9]+): ", &line)) {
    require(message.find("stack") != std::string::npos, "a line is named: " + message);
    return;
  }
  const auto breaks =
      std::count_if(text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; });
  require(line >= 1 && line <= 1 + breaks, "the line is one of the file: " + message);
}

void read(const std::string& text) {
  static const SharedFile file;
  file.assign(text);
  std::vector<ServiceDefinition> definitions;
  try {
    definitions = command::read_service_file(file.path());
  } catch (const std::invalid_argument& error) {
    return require_a_place(error.what(), file.path(), text);
  }
  const Json::Value services = services_in(text);
  require(services.size() == definitions.size(), "all services");
  for (const ServiceDefinition& definition : definitions) {
    require(services.isMember(definition.name), "the service's name");
    require_the_same(services[definition.name], definition);
    command::check(definition);
  }
  try {
    const command::Group group(definitions, nullptr);
  } catch (const std::invalid_argument&) {
    // Undefined or circular dependencies.
  }
}

}  // namespace
}  // namespace mirakuru::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  mirakuru::fuzz::read(std::string(reinterpret_cast<const char*>(data), size));
  return 0;
}
