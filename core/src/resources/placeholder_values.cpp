#include "resources/placeholder_values.hpp"

#include <stdexcept>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "resources/placeholders.hpp"

namespace mirakuru::detail {

std::string PlaceholderValues::expand(std::string_view text) {
  return fill_in(
      text, {[this](const std::string& name) { return std::to_string(port(name)); },
             [this] { return adopted_tmpdir_.empty() ? directory().tmpdir() : adopted_tmpdir_; },
             [this] { return name_; }});
}

int PlaceholderValues::port(const std::string& name) {
  const auto adopted = adopted_ports_.find(name);
  if (adopted != adopted_ports_.end()) return adopted->second;
  if (uses_port(name)) return ports_[name].port();
  const auto in_braces = [](std::string* out, const std::string& port) {
    absl::StrAppend(out, "{port", port.empty() ? "" : ":", port, "}");
  };
  std::string wanted;
  in_braces(&wanted, name);
  throw std::invalid_argument(absl::StrCat(
      name_, ": ", wanted, " is not used by its command, options or check; ",
      port_names_.empty() ? "it uses no port"
                          : absl::StrCat("used: ", absl::StrJoin(port_names_, ", ", in_braces))));
}

Directory& PlaceholderValues::directory() {
  if (directory_ == nullptr) directory_ = std::make_unique<Directory>(name_);
  return *directory_;
}

void PlaceholderValues::on_start() {
  if (hold_always_) return;
  for (auto& [name, lease] : ports_) lease.release();
}

void PlaceholderValues::on_stopped() {
  for (auto& [name, lease] : ports_) lease.retake();
}

void PlaceholderValues::renew_ports() {
  for (auto& [name, lease] : ports_) lease = PortLease();
}

std::map<std::string, int> PlaceholderValues::ports() const {
  std::map<std::string, int> ports = adopted_ports_;
  for (const auto& [name, lease] : ports_) ports[name] = lease.port();
  return ports;
}

std::string PlaceholderValues::serialize() {
  std::string line = absl::StrCat("tmpdir=", directory().tmpdir());
  for (const auto& [name, lease] : ports_)
    absl::StrAppend(&line, "\tport:", name, "=", lease.port());
  return line;
}

void PlaceholderValues::adopt(const std::string& line) {
  for (const auto field : absl::StrSplit(line, '\t')) {
    const std::pair<std::string, std::string> entry =
        absl::StrSplit(field, absl::MaxSplits('=', 1));
    int port = 0;
    if (entry.first == "tmpdir") {
      adopted_tmpdir_ = entry.second;
    } else if (entry.first.rfind("port:", 0) == 0 && absl::SimpleAtoi(entry.second, &port)) {
      adopted_ports_[entry.first.substr(5)] = port;
    }
  }
}

}  // namespace mirakuru::detail
