// mirakuru starts the processes that a test needs, waits until each is really ready, reports why if
// one is not, and leaves nothing behind.
//
//   mirakuru::HTTPExecutor server("./server --port {port}", "http://127.0.0.1:{port}/health");
//   server.start();   // returns when it answers, or throws an error that says why it does not
#ifndef MIRAKURU_MIRAKURU_HPP_
#define MIRAKURU_MIRAKURU_HPP_

#include "mirakuru/check.hpp"
#include "mirakuru/command.hpp"
#include "mirakuru/errors.hpp"
#include "mirakuru/executor.hpp"
#include "mirakuru/exit_status.hpp"
#include "mirakuru/http_executor.hpp"
#include "mirakuru/options.hpp"
#include "mirakuru/output.hpp"
#include "mirakuru/output_executor.hpp"
#include "mirakuru/pid_executor.hpp"
#include "mirakuru/simple_executor.hpp"
#include "mirakuru/tcp_executor.hpp"
#include "mirakuru/unix_socket_executor.hpp"

#endif  // MIRAKURU_MIRAKURU_HPP_
