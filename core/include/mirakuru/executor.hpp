// Executor: ready when its Check passes, or when its hooks say so, if they are overridden.
//
//   mirakuru::Executor service("./service", mirakuru::FileCheck{"{tmpdir}/ready"});
//
//   class PingExecutor : public mirakuru::Executor {
//    public:
//     using Executor::Executor;
//    protected:
//     bool after_start_check() override { return ping(port()); }
//   };
#ifndef MIRAKURU_EXECUTOR_HPP_
#define MIRAKURU_EXECUTOR_HPP_

#include "mirakuru/check.hpp"
#include "mirakuru/export.hpp"
#include "mirakuru/simple_executor.hpp"

namespace mirakuru {

class MIRAKURU_EXPORT Executor : public SimpleExecutor {
 public:
  // Without a check: for classes that override the hooks.
  explicit Executor(Command command, Options options = {});
  Executor(Command command, Check check, Options options = {});
  ~Executor() override = default;
  Executor(const volatile Executor&) = delete;  // see SimpleExecutor
  Executor& operator=(const Executor&) = delete;

 protected:
  // By default, both use the check. A hook is called again every 1 ms at first, later less often
  // (at most 150 ms apart), and whenever the state of the check may have changed. A std::exception
  // means "not ready yet".
  bool pre_start_check() override;
  bool after_start_check() override;
};

}  // namespace mirakuru

#endif  // MIRAKURU_EXECUTOR_HPP_
