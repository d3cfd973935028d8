#include "mirakuru/output.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "base/pattern.hpp"
#include "base/text.hpp"
#include "base/waiting.hpp"
#include "base/write_without_signal.hpp"
#include "executor/executor_state.hpp"
#include "executor/failure_report.hpp"
#include "linux/os.hpp"
#include "mirakuru/errors.hpp"

namespace mirakuru {

using detail::Deadline;
using detail::ExecutorState;
using detail::LineCursor;
using detail::Pattern;

namespace {

constexpr std::chrono::milliseconds kFromStreamsToStatus(200);

// Goes through the lines from where the last call stopped. `take` says true for the one that was
// looked for. False: the stream ended before. Throws TimeoutExpired.
template <typename Take>
bool find_line(const ExecutorState& executor, int number, std::chrono::milliseconds timeout,
               const std::string& waited_for, Take take) {
  const Deadline deadline = Deadline::after(detail::scaled(timeout));
  ExecutorState::CapturedStream& stream = executor.stream(number);
  detail::os::FileWatch watch(stream.log.path());
  detail::Backoff backoff;
  while (true) {
    watch.rearm();
    executor.update();
    const detail::ServiceProcess* process = executor.process();
    // Before the log is read: what came before the end of the stream is in it then.
    const bool ended = process == nullptr
                           ? !executor.foreign()
                           : process->stream_ended(static_cast<detail::OutputStream>(number - 1));
    const bool is_behind = stream.cursor.look(stream.log);
    LineCursor::Line line;
    while (stream.cursor.next(stream.log, line)) {
      if (take(line, ended)) {
        if (!line.complete) stream.cursor.accept();
        return true;
      }
    }
    if (ended && !is_behind) return false;
    if (deadline.expired()) {
      throw TimeoutExpired(detail::failure_report(
          executor,
          absl::StrCat("no such ", number == 1 ? "output" : "stderr output", " within ",
                       detail::in_words(detail::scaled(timeout))),
          {waited_for, {}, {}, {}}));
    }
    if (is_behind) continue;
    detail::WaitSet set;
    if (process != nullptr) process->wait_on(set);
    set.wake_at(deadline.time());
    watch.wait_on(set);
    if (!watch.works()) {
      backoff.tried();
      set.wake_at(backoff.next());
    }
    set.wait();
  }
}

}  // namespace

std::string Output::text() const {
  executor_.flush();
  auto& stream = executor_.stream(stream_);
  return stream.log.text(stream.begin);
}

std::string Output::tail(std::size_t lines) const {
  executor_.flush();
  auto& stream = executor_.stream(stream_);
  return stream.log.tail(stream.begin, lines);
}

std::optional<std::string> Output::match(const std::string& pattern) const {
  const Pattern wanted(pattern, "Output::match");
  executor_.flush();
  auto& stream = executor_.stream(stream_);
  LineCursor cursor(stream.begin);
  cursor.look(stream.log, LineCursor::kAll);
  LineCursor::Line line;
  while (cursor.next(stream.log, line)) {
    if (wanted.found_in(line.text)) return std::string(line.text);
  }
  return std::nullopt;
}

std::string Output::wait_for(const std::string& pattern, std::chrono::milliseconds timeout) {
  const Pattern wanted(pattern, "Output::wait_for");
  const std::string waited_for = absl::StrCat("a line of ", stream_ == 1 ? "stdout" : "stderr",
                                              " that matches '", detail::readable(pattern), "'");
  std::string found;
  const auto take = [&](const LineCursor::Line& line, bool /*ended*/) {
    if (!wanted.found_in(line.text)) return false;
    found = line.text;
    return true;
  };
  if (find_line(executor_, stream_, timeout, waited_for, take)) return found;
  // A process that ends closes its streams first.
  const detail::ServiceProcess* process = executor_.process();
  const Deadline soon = Deadline::after(kFromStreamsToStatus);
  while (process != nullptr && !process->main_status() && !soon.expired()) {
    detail::WaitSet set;
    process->wait_on(set);
    set.wake_at(soon.time());
    set.wait();
    executor_.update();
  }
  const ExitStatus status = process != nullptr && process->main_status()
                                ? *process->main_status()
                                : ExitStatus::from_wait_status(0);
  throw ProcessExitedWithError(
      detail::failure_report(executor_, "the stream ended without such a line",
                             {waited_for, {}, {}, {}}),
      status);
}

std::optional<std::string> Output::read_line(std::chrono::milliseconds timeout) {
  std::string found;
  const auto take = [&](const LineCursor::Line& line, bool ended) {
    if (!line.complete && !ended) return false;
    found = line.text;
    return true;
  };
  if (find_line(executor_, stream_, timeout, "a line", take)) return found;
  return std::nullopt;
}

std::uint64_t Output::mark() const {
  executor_.flush();
  return executor_.stream(stream_).log.end();
}

std::string Output::since(std::uint64_t mark) const {
  executor_.flush();
  return executor_.stream(stream_).log.text(mark);
}

std::string Output::path() const { return executor_.stream(stream_).log.path(); }

void Input::write(std::string_view text, std::chrono::milliseconds timeout) {
  const Deadline deadline = Deadline::after(detail::scaled(timeout));
  while (!text.empty()) {
    if (!executor_.std_in()) {
      throw ExecutorError(
          executor_.name() +
          ": its stdin cannot be written: it was closed, is no pipe, or nothing was "
          "started");
    }
    const ssize_t n = detail::write_without_signal(executor_.std_in().get(), text);
    if (n >= 0) {
      text.remove_prefix(static_cast<std::size_t>(n));
    } else if (errno == EAGAIN) {
      if (deadline.expired()) {
        throw TimeoutExpired(detail::failure_report(
            executor_, absl::StrCat("did not read its stdin within ",
                                    detail::in_words(detail::scaled(timeout)), "; ", text.size(),
                                    " bytes are left")));
      }
      detail::WaitSet set;
      set.add(executor_.std_in().get(), POLLOUT);
      set.wake_at(deadline.time());
      set.wait();
    } else if (errno != EINTR) {
      const int error = errno;
      executor_.update();
      throw ExecutorError(detail::failure_report(
          executor_,
          absl::StrCat("does not read its stdin any more: ", detail::errno_in_words(error))));
    }
  }
}

void Input::close() { executor_.std_in().reset(); }

}  // namespace mirakuru
