// TCPExecutor: ready when host:port accepts a connection.
#ifndef MIRAKURU_TCP_EXECUTOR_HPP_
#define MIRAKURU_TCP_EXECUTOR_HPP_

#include <string>

#include "mirakuru/executor.hpp"
#include "mirakuru/export.hpp"

namespace mirakuru {

class MIRAKURU_EXPORT TCPExecutor : public Executor {
 public:
  TCPExecutor(Command command, Endpoint endpoint, Options options = {});

  // With placeholders filled in.
  std::string host() const;

 private:
  Endpoint endpoint_;
};

}  // namespace mirakuru

#endif  // MIRAKURU_TCP_EXECUTOR_HPP_
