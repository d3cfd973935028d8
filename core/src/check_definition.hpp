// The inside of a Check: what was asked for, and the Probe that goes and finds out. Each kind of
// check is one file in checks/.
#ifndef MIRAKURU_CORE_SRC_CHECK_DEFINITION_HPP_
#define MIRAKURU_CORE_SRC_CHECK_DEFINITION_HPP_

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mirakuru/check.hpp"
#include "mirakuru/options.hpp"
#include "waiting.hpp"

namespace mirakuru::detail {

class ExecutorState;

// Finds out whether a service is ready; lives from before its start until it is. None of its
// functions blocks for longer than a system call takes, but for a callable of the user's.
class Probe {
 public:
  virtual ~Probe() = default;

  // Before the start: who is there already, in words ("nginx (pid 42) listens on ..."), if anybody.
  virtual std::optional<std::string> who_is_there() { return std::nullopt; }
  // What the service is to find in its environment.
  virtual void add_to(std::map<std::string, std::string>& /*environment*/) {}
  // Whether it is ready, as far as one knows now. Once ready, it is not asked again. Throws
  // ExecutorError where it will never be.
  virtual bool ready() = 0;
  // What to wait for before it is worth to ask ready() again.
  virtual void wait_on(WaitSet& set) = 0;
  // What the last try said; empty where there was none.
  virtual std::string last_answer() const = 0;
};

class CheckDefinition {
 public:
  virtual ~CheckDefinition() = default;

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

// What the constructors of Check use. Each throws std::invalid_argument.
std::shared_ptr<const CheckDefinition> define(TcpCheck check);
std::shared_ptr<const CheckDefinition> define(HttpCheck check);
std::shared_ptr<const CheckDefinition> define(const OutputCheck& check);
std::shared_ptr<const CheckDefinition> define(FileCheck check);
std::shared_ptr<const CheckDefinition> define(UnixSocketCheck check);
std::shared_ptr<const CheckDefinition> define(CommandCheck check);
std::shared_ptr<const CheckDefinition> define(NotifyCheck check);
std::shared_ptr<const CheckDefinition> define_callable(std::string description,
                                                       std::function<bool()> ready);
std::shared_ptr<const CheckDefinition> define_all_of(std::vector<Check> checks);
std::shared_ptr<const CheckDefinition> define_any_of(std::vector<Check> checks);

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_CHECK_DEFINITION_HPP_
