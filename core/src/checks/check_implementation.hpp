// The inside of a Check: what was asked for, and the Probe that goes and finds out. Each kind of
// check is one file in checks/, with its constructor of Check: so a program that uses no HttpCheck
// is linked without libcurl.
#ifndef MIRAKURU_CORE_SRC_CHECKS_CHECK_DEFINITION_HPP_
#define MIRAKURU_CORE_SRC_CHECKS_CHECK_DEFINITION_HPP_

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/waiting.hpp"
#include "mirakuru/check.hpp"
#include "mirakuru/options.hpp"

namespace mirakuru::detail {

class ExecutorState;

// Finds out whether a service is ready; lives from before its start until it is. None of its
// functions blocks for longer than a system call takes, but for a callable of the user's.
class Probe {
 public:
  virtual ~Probe() = default;

  // Before the start: who is there already, in words ("nginx (pid 42) listens on ..."), if anybody.
  virtual std::optional<std::string> already_running() { return std::nullopt; }
  // What the service is to find in its environment.
  virtual void add_to(std::map<std::string, std::string>& /*environment*/) {}
  // Whether it is ready, as far as one knows now. Once ready, it is not asked again. Throws
  // ExecutorError where it will never be.
  virtual bool ready() = 0;
  // What to wait for before it is worth to ask ready() again.
  virtual void wait_on(WaitSet& set) = 0;
  // What the last try said; empty where there was none.
  virtual std::string last_answer() const = 0;
  // Whether somebody else than the service answered it.
  virtual bool met_foreign_process() const { return false; }
};

class CheckImplementation {
 public:
  virtual ~CheckImplementation() = default;

  // Completes "waited for ...", with what the placeholders stand for where `subject` is given.
  virtual std::string describe(ExecutorState* subject) const = 0;
  // Throws std::invalid_argument where the check cannot work with that executor.
  virtual void check_against(const Options& /*options*/) const {}
  virtual std::unique_ptr<Probe> begin(ExecutorState& subject) const = 0;
  // Where the service listens, if the check names a place with a port.
  virtual std::optional<Endpoint> endpoint() const { return std::nullopt; }

 protected:
  static std::string filled_in(const std::string& text, ExecutorState* subject);
};

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_CHECKS_CHECK_DEFINITION_HPP_
