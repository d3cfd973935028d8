#include <algorithm>
#include <optional>
#include <stdexcept>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/pattern.hpp"
#include "base/text.hpp"
#include "checks/check_implementation.hpp"
#include "linux/file_watch.hpp"
#include "mirakuru/errors.hpp"
#include "output/log_reader.hpp"
#include "output/log_source.hpp"

namespace mirakuru::detail {
namespace {

// Long lines are searched in pieces of kLongestPiece bytes that overlap by kOverlap, so that every
// match of up to kOverlap bytes is found.
constexpr std::size_t kLongestPiece = 256 * 1024;
constexpr std::size_t kOverlap = 4096;
constexpr std::size_t kShownOfLine = 200;

class OutputImplementation : public CheckImplementation {
 public:
  explicit OutputImplementation(const OutputCheck& check)
      : banner_(check.banner, "OutputCheck::banner"), times_(check.times), from_(check.from) {
    if (times_ < 1) {
      throw std::invalid_argument(absl::StrCat("OutputCheck::times: ", times_, " is less than 1"));
    }
    if (!check.fail_on.empty()) fail_on_.emplace(check.fail_on, "OutputCheck::fail_on");
  }

  std::string describe(const Expand& /*expand*/) const override {
    return absl::StrCat(times_ == 1 ? "a line" : absl::StrCat(times_, " lines"), " of ",
                        from_ == OutputCheck::From::both      ? "output"
                        : from_ == OutputCheck::From::std_out ? "stdout"
                                                              : "stderr",
                        times_ == 1 ? " that matches '" : " that match '",
                        readable(banner_.expression()), "'");
  }

  void validate(const Options& options) const override {
    for (const OutputStream stream : streams(options)) {
      if (!is_captured(target_of(stream, options))) {
        throw std::invalid_argument(absl::StrCat(
            "OutputCheck: ", to_string(stream),
            " is not captured, so nothing can be looked for in it (use Stream::capture(), "
            "terminal() or file(), or choose the other one with `from`)"));
      }
    }
  }

  std::unique_ptr<Probe> make_probe(const ProbeContext& context) const override;

  // For "both", the streams that can be read; if none can, stdout, which validate() then refuses.
  std::vector<OutputStream> streams(const Options& options) const {
    if (from_ == OutputCheck::From::std_out) return {OutputStream::std_out};
    if (from_ == OutputCheck::From::std_err) return {OutputStream::std_err};
    std::vector<OutputStream> both;
    for (const OutputStream stream : kOutputStreams) {
      if (is_captured(target_of(stream, options))) both.push_back(stream);
    }
    if (both.empty()) both.push_back(OutputStream::std_out);
    return both;
  }

  const Pattern& banner() const { return banner_; }
  const std::optional<Pattern>& fail_on() const { return fail_on_; }
  int times() const { return times_; }

 private:
  Pattern banner_;
  std::optional<Pattern> fail_on_;
  int times_;
  OutputCheck::From from_;
};

class OutputProbe : public Probe {
 public:
  OutputProbe(const OutputImplementation& check, const ProbeContext& context)
      : check_(check), context_(context) {
    for (const OutputStream stream : check.streams(context.options())) {
      LogSource& source = context.log(stream);
      streams_.push_back({source, source.log().again(),
                          LineCursor(source.begin(), kLongestPiece, kOverlap),
                          os::FileWatch(source.log().path()), false, false});
    }
  }

  bool ready() override {
    for (Watched& stream : streams_) {
      stream.watch.rearm();
      // After the end of the stream ready() may not be called again, so all is read.
      stream.is_behind = stream.cursor.read_available(
          stream.log, stream.source.ended() ? LineCursor::kAll : LineCursor::kOneRead);
      LineCursor::Line line;
      while (stream.cursor.next(stream.log, line)) take(stream, line);
    }
    if (seen_ >= check_.times()) return true;
    for (const Watched& stream : streams_) {
      if (!stream.is_behind) fail_if_lost(stream);
    }
    backoff_.tried();
    return false;
  }

  void wait_on(WaitSet& set) override {
    for (const Watched& stream : streams_) {
      stream.watch.wait_on(set);
      if (!stream.watch.works()) set.wake_at(backoff_.next());
      // The log error may have been reported after ready() was called.
      if (stream.is_behind || log_error(stream) != 0) set.wake_at(Clock::now());
    }
  }

  std::string last_answer() const override {
    std::string answer;
    if (check_.times() > 1) absl::StrAppend(&answer, seen_, " such lines so far; ");
    return last_line_.empty() ? answer + "no output"
                              : absl::StrCat(answer, "printed: ", last_line_);
  }

 private:
  struct Watched {
    const LogSource& source;
    LogReader log;
    LineCursor cursor;
    os::FileWatch watch;
    bool is_behind;  // there is more to read
    bool counted;    // the current, incomplete line has already matched
  };

  // The errno for which output was lost, possibly with the banner; 0 if none was lost.
  int log_error(const Watched& stream) const { return context_.log_error(stream.source.stream()); }

  void fail_if_lost(const Watched& stream) const {
    const int error = log_error(stream);
    if (error == 0) return;
    throw StartupFailed(absl::StrCat("what it printed cannot be written to ",
                                     readable(stream.log.path()), ": ", errno_in_words(error)));
  }

  void take(Watched& stream, const LineCursor::Line& line) {
    if (!line.text.empty()) last_line_ = readable(line.text.substr(0, kShownOfLine));
    if (check_.fail_on() && check_.fail_on()->found_in(line.text)) {
      throw StartupFailed(absl::StrCat("it printed a line that means failure ('",
                                       readable(check_.fail_on()->expression()),
                                       "'): ", last_line_));
    }
    if (!stream.counted && check_.banner().found_in(line.text)) {
      ++seen_;
      stream.counted = true;
    }
    if (line.complete) stream.counted = false;
  }

  const OutputImplementation& check_;
  const ProbeContext& context_;
  std::vector<Watched> streams_;
  int seen_ = 0;
  std::string last_line_;
  Backoff backoff_;
};

std::unique_ptr<Probe> OutputImplementation::make_probe(const ProbeContext& context) const {
  return std::make_unique<OutputProbe>(*this, context);
}

}  // namespace

}  // namespace mirakuru::detail

namespace mirakuru {

Check::Check(const OutputCheck& check)
    : Check(std::make_shared<detail::OutputImplementation>(check)) {}

}  // namespace mirakuru
