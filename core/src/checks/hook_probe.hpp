// The two hooks of an executor as a probe. By default a hook asks the probe of the executor's
// check; an override may do so too, and require more, or not use the check at all.
#ifndef MIRAKURU_CORE_SRC_CHECKS_HOOK_PROBE_HPP_
#define MIRAKURU_CORE_SRC_CHECKS_HOOK_PROBE_HPP_

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "checks/probe.hpp"
#include "mirakuru/simple_executor.hpp"

namespace mirakuru::detail {

class HookProbe : public Probe {
 public:
  // `check` may be null.
  HookProbe(SimpleExecutor& executor, std::unique_ptr<Probe> check);

  bool examine_before_start() override;
  std::optional<std::string> already_running() override;
  void add_to(std::map<std::string, std::string>& environment) override;
  bool ready() override;
  void wait_on(WaitSet& set) override;
  std::string last_answer() const override;
  bool met_foreign_process() const override;

  // What the hooks do by default. Without a check, the first returns false and the second throws
  // StartupFailed.
  bool check_before_start();
  bool check_after_start();

 private:
  // The hook has asked the check, which is not ready: the hook is called again when the check is
  // worth asking again.
  bool waits_for_check() const { return asked_check_ && !check_is_ready_; }

  SimpleExecutor& executor_;
  const std::unique_ptr<Probe> check_;
  std::optional<std::string> found_by_check_;
  bool is_examining_ = false;  // the check, before the start
  bool asked_check_ = false;   // in the last call of the hook
  bool check_is_ready_ = false;
  Backoff backoff_;  // for a hook that does not wait for the check
  std::string error_;
};

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_CHECKS_HOOK_PROBE_HPP_
