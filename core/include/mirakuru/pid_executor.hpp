// PidExecutor: ready when the pid file contains the pid of a running process of the service.
#ifndef MIRAKURU_PID_EXECUTOR_HPP_
#define MIRAKURU_PID_EXECUTOR_HPP_

#include <string>

#include "mirakuru/executor.hpp"
#include "mirakuru/export.hpp"

namespace mirakuru {

class MIRAKURU_EXPORT PidExecutor : public Executor {
 public:
  PidExecutor(Command command, const std::string& path, Options options = {});

  // With placeholders filled in.
  std::string path() const;

 private:
  std::string path_;
};

}  // namespace mirakuru

#endif  // MIRAKURU_PID_EXECUTOR_HPP_
