// Services that ctest has started for several test programs (mirakuru_add_fixture in CMake), or
// `mirakuru up` for anybody, as a test program finds them.
//
//   mirakuru::ctest::Fixture& redis = mirakuru::ctest::fixture("redis");
//   connect("127.0.0.1", redis.port());
#ifndef MIRAKURU_CTEST_HPP_
#define MIRAKURU_CTEST_HPP_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "mirakuru/output.hpp"

namespace mirakuru::ctest {

// A service that runs for as long as somebody else says.
class Fixture {
 public:
  ~Fixture();
  Fixture(const Fixture&) = delete;
  Fixture& operator=(const Fixture&) = delete;

  const std::string& name() const;
  // Of its main process, when it got ready.
  int pid() const;
  // The number that {port}, or {port:name}, stands for in its command. Throws
  // std::invalid_argument where there is none.
  int port(const std::string& name = {}) const;
  // The text with {port}, {port:name}, {tmpdir} and {name} filled in. Throws as port().
  std::string expand(std::string_view text) const;
  // What it has printed since it was started, whoever used it meanwhile.
  Output& output();
  Output& err_output();
  // What a program in another language finds in its environment (`mirakuru exec`): REDIS_PORT,
  // REDIS_PORT_ADMIN for {port:admin}, REDIS_TMPDIR, REDIS_PID, REDIS_STDOUT and REDIS_STDERR (its
  // logs).
  std::map<std::string, std::string> variables() const;

 private:
  friend Fixture& fixture(const std::string& name);
  friend std::unique_ptr<Fixture> find_fixture(const std::string& name);
  struct State;
  explicit Fixture(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

// The running service of that name. Where this test program then ends with another code than 0,
// what the service printed since stands on stderr (MIRAKURU_SHOW_OUTPUT=failure|always|never).
// Throws ExecutorError where no such service runs.
Fixture& fixture(const std::string& name);

// The same, without showing anything; null where none runs.
std::unique_ptr<Fixture> find_fixture(const std::string& name);

// What it printed since (Output::mark() of its two streams), fit to be shown; empty where nothing
// was. Bounded.
std::string printed_since(Fixture& fixture, std::uint64_t mark, std::uint64_t err_mark);

// The folder in which running services are announced: $MIRAKURU_FIXTURES, which ctest sets for the
// tests of mirakuru_use_fixtures(); else one of the user's own.
std::string fixtures_folder();

}  // namespace mirakuru::ctest

#endif  // MIRAKURU_CTEST_HPP_
