// A widely used service: how to start it, and how to query it.
#ifndef MIRAKURU_TESTS_REAL_SERVICES_REAL_SERVICE_HPP_
#define MIRAKURU_TESTS_REAL_SERVICES_REAL_SERVICE_HPP_

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "mirakuru/mirakuru.hpp"
#include "programs.hpp"

namespace mirakuru::tests {

struct RealService {
  std::string name;
  std::vector<Program> programs;
  // Not started yet, on a free port.
  std::unique_ptr<SimpleExecutor> (*make)();
  // Sends one query like a real client, and returns the answer; throws if there is none.
  std::string (*ask)(const SimpleExecutor& executor);
  std::string answer;
  // A process of the service; the main process, unless it is a daemon.
  int (*pid)(const SimpleExecutor& executor) = [](const SimpleExecutor& executor) {
    return executor.pid();
  };
};

// For GoogleTest, which otherwise prints the bytes of the struct.
inline void PrintTo(const RealService& service, std::ostream* out) { *out << service.name; }

RealService Memcached();
RealService Nginx();
RealService NginxAsADaemon();
RealService PostgresqlByItsOutput();
RealService PostgresqlByPgIsready();
RealService PythonHttpServer();
RealService Redis();

}  // namespace mirakuru::tests

#endif  // MIRAKURU_TESTS_REAL_SERVICES_REAL_SERVICE_HPP_
