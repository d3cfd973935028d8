// Services for Catch2, 2.13 and 3: real processes as fixtures. Needs no header of Catch2.
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
// whole story, the others at once and in one line. One that dies during a test case fails it, and
// is started again when it is needed next. Where a test case fails for any reason, what its
// services printed meanwhile is a further part of that failure
// (MIRAKURU_SHOW_OUTPUT=failure|always|never).
//
// A suite is all that the program runs: the service of a MIRAKURU_FIXTURE is stopped when the run
// ends. A test is a test case, however often Catch2 runs through it for its sections and
// generators: a MIRAKURU_TEST_FIXTURE has one process for all of them. A plain TEST_CASE fails,
// too, where a MIRAKURU_ENVIRONMENT is not ready, but only at its end.
//
// What goes wrong when no test case is there to fail, as where a service does not end well, is told
// on stderr, and the program exits with 1 where it would have exited with 0.
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
  static bool define(plugin::Service& service, const char* file, int line);
  static void require(plugin::Service& service);
};

}  // namespace mirakuru::catch2::detail

#endif  // MIRAKURU_CATCH2_HPP_
