#include "mirakuru/output.hpp"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "base/pattern.hpp"
#include "base/text.hpp"
#include "base/waiting.hpp"
#include "linux/file_watch.hpp"
#include "mirakuru/errors.hpp"
#include "output/log_source.hpp"

namespace mirakuru {

using detail::Deadline;
using detail::LineCursor;
using detail::LogReader;
using detail::LogSource;
using detail::Pattern;

namespace {

constexpr std::chrono::milliseconds kFromStreamsToStatus(200);

// Reads lines from where the last call stopped, until `take` returns true for one. False: the
// stream ended before. Throws TimeoutExpired.
template <typename Take>
bool find_line(LogSource& source, std::chrono::milliseconds timeout, const std::string& waited_for,
               Take take) {
  const Deadline deadline = Deadline::after(detail::scaled(timeout));
  detail::os::FileWatch watch(source.log().path());
  detail::Backoff backoff;
  while (true) {
    watch.rearm();
    source.update();
    // Before the log is read: if the stream has ended, the log then holds all of it.
    const bool ended = source.ended();
    const bool is_behind = source.cursor().read_available(source.log());
    LineCursor::Line line;
    while (source.cursor().next(source.log(), line)) {
      if (take(line, ended)) {
        if (!line.complete) source.cursor().accept();
        return true;
      }
    }
    if (ended && !is_behind) return false;
    if (deadline.expired()) {
      const bool is_stdout = source.stream() == detail::OutputStream::std_out;
      throw TimeoutExpired(
          source.failure_report(absl::StrCat("no such ", is_stdout ? "output" : "stderr output",
                                             " within ", detail::in_words(detail::scaled(timeout))),
                                waited_for));
    }
    if (is_behind) continue;
    detail::WaitSet set;
    source.wait_on(set);
    set.wake_at(deadline.time());
    watch.wait_on(set);
    if (!watch.works()) {
      backoff.tried();
      set.wake_at(backoff.next());
    }
    set.wait();
  }
}

// The log, with all that was printed before the call.
LogReader& log_of(LogSource& source) {
  source.flush();
  if (source.is_deleted()) {
    throw ExecutorError(source.failure_report(
        absl::StrCat("its output is lost: its log was deleted: ", source.log().path()), ""));
  }
  return source.log();
}

// The exit status of a process whose stream has ended. A process closes its streams before its end
// is reported.
std::optional<ExitStatus> status_soon(LogSource& source) {
  const Deadline soon = Deadline::after(kFromStreamsToStatus);
  while (!source.exit_status() && !soon.expired()) {
    detail::WaitSet set;
    source.wait_on(set);
    set.wake_at(soon.time());
    set.wait();
    source.update();
  }
  return source.exit_status();
}

}  // namespace

Output::Output(detail::LogSource& source) : source_(source) {}

std::string Output::text() const { return log_of(source_).text(source_.begin()); }

std::string Output::tail(std::size_t lines) const {
  return log_of(source_).tail(source_.begin(), lines);
}

std::optional<std::string> Output::match(const std::string& pattern) const {
  const Pattern wanted(pattern, "Output::match");
  LogReader& log = log_of(source_);
  LineCursor cursor(source_.begin());
  cursor.read_available(log, LineCursor::kAll);
  LineCursor::Line line;
  while (cursor.next(log, line)) {
    if (wanted.found_in(line.text)) return std::string(line.text);
  }
  return std::nullopt;
}

std::string Output::wait_for(const std::string& pattern, std::chrono::milliseconds timeout) {
  const Pattern wanted(pattern, "Output::wait_for");
  const std::string waited_for = absl::StrCat("a line of ", detail::to_string(source_.stream()),
                                              " that matches '", detail::readable(pattern), "'");
  std::string found;
  const auto take = [&](const LineCursor::Line& line, bool /*ended*/) {
    if (!wanted.found_in(line.text)) return false;
    found = line.text;
    return true;
  };
  if (find_line(source_, timeout, waited_for, take)) return found;
  const std::optional<ExitStatus> status = status_soon(source_);
  throw ProcessExitedWithError(
      source_.failure_report("the stream ended without such a line", waited_for), status);
}

std::optional<std::string> Output::read_line(std::chrono::milliseconds timeout) {
  std::string found;
  const auto take = [&](const LineCursor::Line& line, bool ended) {
    if (!line.complete && !ended) return false;
    found = line.text;
    return true;
  };
  if (find_line(source_, timeout, "a line", take)) return found;
  return std::nullopt;
}

std::uint64_t Output::mark() const {
  source_.flush();
  return source_.log().end();
}

std::string Output::since(std::uint64_t mark) const {
  source_.flush();
  return source_.log().text(mark);
}

std::string Output::path() const { return source_.log().path(); }

}  // namespace mirakuru
