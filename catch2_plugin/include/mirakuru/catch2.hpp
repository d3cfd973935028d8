// Services for Catch2, 2.13 and 3: real processes as fixtures. Includes no header of Catch2.
//
//   MIRAKURU_FIXTURE(Redis, mirakuru::TCPExecutor{"redis-server --port {port}",
//                                                 "127.0.0.1:{port}"});
//   MIRAKURU_FIXTURE(Api, mirakuru::HTTPExecutor{
//       {"./api", "--redis", Redis::executor().expand("127.0.0.1:{port}"), "--port", "{port}"},
//       "http://127.0.0.1:{port}/health"});
//
//   TEST_CASE_METHOD(Api, "answers", "[api]") { CHECK(get(executor().url()) == 200); }
//
// A service that does not get ready fails every test case that needs it: the first one with the
// full report, the others immediately and in one line. A service that dies during a test case fails
// it, and is started again when it is needed next. If a test case fails for any reason, the output
// of its services during the test case is added to the failure
// (MIRAKURU_SHOW_OUTPUT=failure|always|never).
//
// Catch2 has no suites: the service of a MIRAKURU_FIXTURE is stopped at the end of the run. A
// MIRAKURU_TEST_FIXTURE has one process for a test case with all its sections and generators. If a
// MIRAKURU_ENVIRONMENT is not ready, a plain TEST_CASE fails, too, but only at its end.
//
// Failures after the last test case, such as a service that does not stop cleanly, are printed to
// stderr, and the program exits with 1 if it would have exited with 0.
#ifndef MIRAKURU_CATCH2_HPP_
#define MIRAKURU_CATCH2_HPP_

#ifdef MIRAKURU_PLUGIN_HPP_
#error "<mirakuru/gtest.hpp> and <mirakuru/catch2.hpp> define the same macros: include only one"
#endif
#define MIRAKURU_PLUGIN_HPP_

#include "mirakuru/fixtures.hpp"
#include "mirakuru/mirakuru.hpp"
#include "mirakuru/service.hpp"

#define MIRAKURU_DETAIL_FRAMEWORK ::mirakuru::catch2::detail::Framework

namespace mirakuru::catch2::detail {

struct Framework {
  class Fixture {};
  static bool register_service(plugin::Service& service, const char* file, int line);
  static void require_ready(plugin::Service& service);
};

}  // namespace mirakuru::catch2::detail

#endif  // MIRAKURU_CATCH2_HPP_
