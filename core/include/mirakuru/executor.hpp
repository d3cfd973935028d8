// Executor: ready when its Check says so, or its two hooks where they are overridden.
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
  Executor(const volatile Executor&) = delete;  // as that of SimpleExecutor
  Executor& operator=(const Executor&) = delete;

 protected:
  // Unless overridden, the check's own. A hook is asked again after 1 ms, later after 10 ms, and
  // as soon as its check has something to say; its std::exceptions mean "not yet".
  bool pre_start_check() override;
  bool after_start_check() override;
};

}  // namespace mirakuru

#endif  // MIRAKURU_EXECUTOR_HPP_
