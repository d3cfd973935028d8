#include "resources/places.hpp"

#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "resources/placeholders.hpp"

namespace mirakuru::detail {

std::string Places::expand(std::string_view text) {
  return fill_in(text,
                 {[this](const std::string& name) { return std::to_string(port(name)); },
                  [this] { return foreign_tmpdir_.empty() ? folder().tmpdir() : foreign_tmpdir_; },
                  [this] { return name_; }});
}

int Places::port(const std::string& name) {
  const auto foreign = foreign_ports_.find(name);
  return foreign != foreign_ports_.end() ? foreign->second : ports_[name].port();
}

Folder& Places::folder() {
  if (folder_ == nullptr) folder_ = std::make_unique<Folder>(name_);
  return *folder_;
}

void Places::on_start() {
  if (hold_always_) return;
  for (auto& [name, lease] : ports_) lease.release();
}

void Places::on_stopped() {
  for (auto& [name, lease] : ports_) lease.retake();
}

void Places::renew_ports() {
  for (auto& [name, lease] : ports_) lease = PortLease();
}

std::map<std::string, int> Places::ports() const {
  std::map<std::string, int> ports = foreign_ports_;
  for (const auto& [name, lease] : ports_) ports[name] = lease.port();
  return ports;
}

std::string Places::to_line() {
  std::string line = absl::StrCat("tmpdir=", folder().tmpdir());
  for (const auto& [name, lease] : ports_)
    absl::StrAppend(&line, "\tport:", name, "=", lease.port());
  return line;
}

void Places::adopt(const std::string& line) {
  for (const auto field : absl::StrSplit(line, '\t')) {
    const std::pair<std::string, std::string> entry =
        absl::StrSplit(field, absl::MaxSplits('=', 1));
    int port = 0;
    if (entry.first == "tmpdir") {
      foreign_tmpdir_ = entry.second;
    } else if (entry.first.rfind("port:", 0) == 0 && absl::SimpleAtoi(entry.second, &port)) {
      foreign_ports_[entry.first.substr(5)] = port;
    }
  }
}

}  // namespace mirakuru::detail
