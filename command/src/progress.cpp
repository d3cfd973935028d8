#include "progress.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/text.hpp"

namespace mirakuru::command {
namespace {

constexpr std::chrono::milliseconds kRedraw(100);

std::size_t terminal_width() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

std::string seconds(std::chrono::milliseconds time) {
  return absl::StrFormat("%.1f s", static_cast<double>(time.count()) / 1000);
}

std::string in_words(const Progress& service) {
  if (service.state == Progress::State::waiting) {
    return "waiting for the services that it depends on";
  }
  if (service.state == Progress::State::ready) return "ready";
  return absl::StrCat(seconds(service.waited), service.waited_for.empty() ? "" : ", waiting for ",
                      service.waited_for, service.last_answer.empty() ? "" : ": ",
                      service.last_answer);
}

}  // namespace

ProgressDisplay::ProgressDisplay() : on_terminal_(isatty(STDERR_FILENO) == 1) {}

ProgressDisplay::~ProgressDisplay() = default;

void ProgressDisplay::wait_on(detail::WaitSet& set) const {
  if (on_terminal_) set.wake_at(detail::Clock::now() + kRedraw);
}

void ProgressDisplay::show(const std::vector<Progress>& services) {
  if (on_terminal_) {
    draw(services);
  } else {
    print_changes(services);
  }
}

void ProgressDisplay::draw(const std::vector<Progress>& services) {
  std::size_t name_width = 0;
  for (const Progress& service : services) name_width = std::max(name_width, service.name.size());
  std::string text;
  if (lines_drawn_ > 0) absl::StrAppend(&text, "\033[", lines_drawn_, "A");
  for (const Progress& service : services) {
    std::string line = absl::StrFormat("%-*s  %s", static_cast<int>(name_width), service.name,
                                       detail::readable(in_words(service)));
    // A wrapped line could not be overwritten.
    line = line.substr(0, std::min(line.find('\n'), terminal_width() - 1));
    absl::StrAppend(&text, "\r\033[K", line, "\n");
  }
  lines_drawn_ = services.size();
  std::fputs(text.c_str(), stderr);
}

void ProgressDisplay::print_changes(const std::vector<Progress>& services) {
  for (const Progress& service : services) {
    const auto shown = shown_.find(service.name);
    if (service.state == Progress::State::waiting ||
        (shown != shown_.end() && shown->second == service.state)) {
      continue;
    }
    // It may be ready at the first look.
    if (shown == shown_.end()) {
      std::fprintf(stderr, "%s: started\n", service.name.c_str());
    }
    if (service.state == Progress::State::ready) {
      std::fprintf(stderr, "%s: ready\n", service.name.c_str());
    }
    shown_[service.name] = service.state;
  }
}

}  // namespace mirakuru::command
