// mirakuru ps: lists running services.
#include <json/json.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "base/text.hpp"
#include "commands.hpp"
#include "flags.hpp"
#include "mirakuru/ctest.hpp"
#include "running_services.hpp"

namespace mirakuru::command {
namespace {

std::string age(std::time_t since) {
  const auto seconds = static_cast<long>(std::max<std::time_t>(std::time(nullptr) - since, 0));
  if (seconds < 60) return absl::StrCat(seconds, " s");
  if (seconds < 3600) return absl::StrCat(seconds / 60, " min");
  return absl::StrFormat("%d h %02d min", seconds / 3600, seconds / 60 % 60);
}

void print_json(const std::vector<RunningService>& services) {
  Json::Value list(Json::arrayValue);
  for (const RunningService& service : services) {
    Json::Value one;
    one["name"] = service.name;
    one["pid"] = service.pids.front();
    one["processes"] = Json::UInt64(service.pids.size());
    one["ports"] = Json::Value(Json::arrayValue);
    for (const int port : service.ports) one["ports"].append(port);
    one["since"] = Json::Int64(service.since);
    one["memory"] = Json::UInt64(service.memory);
    one["owner"] = service.owner;
    one["owner_lives"] = service.owner_lives;
    list.append(one);
  }
  Json::StreamWriterBuilder writer;
  writer["indentation"] = "  ";
  std::printf("%s\n", Json::writeString(writer, list).c_str());
}

void print_table(const std::vector<RunningService>& services) {
  std::vector<Words> rows{{"NAME", "PID", "PORTS", "AGE", "MEMORY", "OWNER"}};
  for (const RunningService& service : services) {
    rows.push_back({detail::readable(service.name), std::to_string(service.pids.front()),
                    service.ports.empty() ? "-" : absl::StrJoin(service.ports, ","),
                    age(service.since),
                    absl::StrFormat("%.1f MiB", static_cast<double>(service.memory) / (1 << 20)),
                    owner_in_words(service)});
  }
  std::vector<std::size_t> widths(rows[0].size());
  for (const Words& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  for (const Words& row : rows) {
    std::string line;
    for (std::size_t i = 0; i + 1 < row.size(); ++i) {
      absl::StrAppendFormat(&line, "%-*s  ", static_cast<int>(widths[i]), row[i]);
    }
    std::printf("%s%s\n", line.c_str(), row.back().c_str());
  }
}

int ps(Words words) {
  take_options(words, {"directory", "json"});
  use_directory_option();
  if (!words.empty()) throw UsageError("ps: unexpected argument '" + words[0] + "'");
  const auto services = running_services(ctest::fixtures_directory());
  if (absl::GetFlag(FLAGS_json)) {
    print_json(services);
  } else {
    print_table(services);
  }
  return 0;
}

}  // namespace

const Subcommand kPs{
    "ps",
    "ps [--directory=...] [--json]",
    "list running services",
    "Lists the user's own services on this machine, whether this command, ctest or a test program\n"
    "started them: name, pid, TCP ports, age, memory, and owner. A service without a record in "
    "the\n"
    "directory is listed by the name of its program.",
    {"directory", "json"},
    ps};

}  // namespace mirakuru::command
