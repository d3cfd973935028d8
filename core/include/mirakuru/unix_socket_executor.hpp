// UnixSocketExecutor: ready when the socket accepts a connection.
#ifndef MIRAKURU_UNIX_SOCKET_EXECUTOR_HPP_
#define MIRAKURU_UNIX_SOCKET_EXECUTOR_HPP_

#include <string>

#include "mirakuru/executor.hpp"
#include "mirakuru/export.hpp"

namespace mirakuru {

class MIRAKURU_EXPORT UnixSocketExecutor : public Executor {
 public:
  UnixSocketExecutor(Command command, const std::string& path, Options options = {});

  // With placeholders filled in.
  std::string path() const;

 private:
  std::string path_;
};

}  // namespace mirakuru

#endif  // MIRAKURU_UNIX_SOCKET_EXECUTOR_HPP_
