// Finds out whether a service is ready. Each kind of check has its probe, and so have the hooks of
// an executor (hook_probe.hpp).
#ifndef MIRAKURU_CORE_SRC_CHECKS_PROBE_HPP_
#define MIRAKURU_CORE_SRC_CHECKS_PROBE_HPP_

#include <sys/types.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/waiting.hpp"
#include "mirakuru/options.hpp"
#include "output/output_stream.hpp"

namespace mirakuru::detail {

class LogSource;

// What a service is given of its surroundings, as its options say.
struct LaunchContext {
  std::map<std::string, std::string> environment;
  std::string cwd;  // empty: the test program's own
};

// What a probe sees of the executor whose service it asks about.
class ProbeContext {
 public:
  virtual ~ProbeContext() = default;

  virtual const std::string& name() const = 0;
  virtual const Options& options() const = 0;
  // The text with its placeholders filled in.
  virtual std::string expand(std::string_view text) const = 0;
  virtual LaunchContext launch_context() const = 0;
  // Of the executor, for files that go with it.
  virtual std::string directory() const = 0;
  // All processes of the service descend from this one; 0 before the start.
  virtual pid_t root_process() const = 0;
  virtual LogSource& log(OutputStream stream) const = 0;
  // The errno for which output of the stream was lost; 0 where none was.
  virtual int log_error(OutputStream stream) const = 0;
};

// Lives from before the start of a service until it is ready. Its functions do not wait; but a
// callable of the user's takes the time that it takes, and the lookup of a host's name (neither an
// address nor "localhost") that of the system's resolver.
class Probe {
 public:
  virtual ~Probe() = default;

  // Before the start: looks whether somebody answers already. False while that is not known;
  // wait_on() says what to wait for until it is worth asking again.
  virtual bool look_before_start() { return true; }
  // What that look found, for messages: "nginx (pid 42) listens on ..."; none where nobody answers.
  virtual std::optional<std::string> already_running() { return std::nullopt; }
  // What the service is to find in its environment.
  virtual void add_to(std::map<std::string, std::string>& /*environment*/) {}
  // After the start: whether the service is ready, as far as is known now. Once ready, it is not
  // asked again. Throws ExecutorError where the service will never be ready.
  virtual bool ready() = 0;
  // What to wait for until it is worth asking again.
  virtual void wait_on(WaitSet& set) = 0;
  // What the last try answered; empty where there was none.
  virtual std::string last_answer() const = 0;
  // Whether a process that is not the service's gave that answer.
  virtual bool met_foreign_process() const { return false; }
};

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_CHECKS_PROBE_HPP_
