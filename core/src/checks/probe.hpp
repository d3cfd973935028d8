// Finds out whether a service is ready. Each kind of check has its own probe, and so have the hooks
// of an executor (hook_probe.hpp).
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

// The environment and the working directory in which a service is launched.
struct LaunchContext {
  std::map<std::string, std::string> environment;
  std::string cwd;  // empty: the test program's own
};

// The probe's narrow view of the executor whose service it checks.
class ProbeContext {
 public:
  virtual ~ProbeContext() = default;

  virtual const std::string& name() const = 0;
  virtual const Options& options() const = 0;
  // Fills in the placeholders of `text`.
  virtual std::string expand(std::string_view text) const = 0;
  virtual LaunchContext launch_context() const = 0;
  // The executor's directory, for files that are deleted with it.
  virtual std::string directory() const = 0;
  // All processes of the service are descendants of this one; 0 before the start.
  virtual pid_t root_process() const = 0;
  virtual LogSource& log(OutputStream stream) const = 0;
  // The errno for which output of the stream was lost; 0 if none was.
  virtual int log_error(OutputStream stream) const = 0;
};

// Lives from before the start of a service until it is ready. Its functions do not wait, except for
// a user's callable, which takes as long as it takes.
class Probe {
 public:
  virtual ~Probe() = default;

  // Before the start: checks whether something answers already. False while that is not known;
  // wait_on() then adds what to wait for before the next call.
  virtual bool examine_before_start() { return true; }
  // The result, for messages: "nginx (pid 42) listens on ..."; nullopt if nothing answers.
  virtual std::optional<std::string> already_running() { return std::nullopt; }
  // Adds variables to the environment of the service.
  virtual void add_to(std::map<std::string, std::string>& /*environment*/) {}
  // After the start: whether the service is ready, as far as is known now. Once ready, it is not
  // asked again. Throws StartupFailed or StartError if the service can never become ready.
  virtual bool ready() = 0;
  // Adds what to wait for before the next call.
  virtual void wait_on(WaitSet& set) = 0;
  // The result of the last try; empty if there was none.
  virtual std::string last_answer() const = 0;
  // Whether that result came from a process that does not belong to the service.
  virtual bool met_foreign_process() const { return false; }
};

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_CHECKS_PROBE_HPP_
