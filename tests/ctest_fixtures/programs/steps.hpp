// What the tests of both frameworks do with the services that ctest has started for them.
#ifndef MIRAKURU_TESTS_CTEST_FIXTURES_PROGRAMS_STEPS_HPP_
#define MIRAKURU_TESTS_CTEST_FIXTURES_PROGRAMS_STEPS_HPP_

#include <fstream>
#include <stdexcept>
#include <string>

#include "mirakuru/ctest.hpp"
#include "support/leftovers.hpp"
#include "support/obedient.hpp"
#include "support/run_program.hpp"
#include "support/temp_dir.hpp"

namespace mirakuru::tests {

// Which visit to which redis, for the trace.
inline void Visit(const ctest::Fixture& redis) {
  const Finished client =
      RunToTheEnd({"redis-cli", "-p", std::to_string(redis.port()), "INCR", "visits"});
  if (client.exit_code != 0) throw std::runtime_error(client.text);
  std::ofstream(Variable("TRACE"), std::ios::app) << redis.pid() << " " << client.text;
}

// Returns when it has been printed. Of a does_as_told that waits for that file.
inline void LetItPrintReady(ctest::Fixture& worker) {
  WriteFile(Variable("DIRECTORY") + "/go", "");
  worker.output().wait_for("ready");
}

inline bool RunsNow(const std::string& name) { return Lives(ctest::fixture(name).pid()); }

}  // namespace mirakuru::tests

#endif  // MIRAKURU_TESTS_CTEST_FIXTURES_PROGRAMS_STEPS_HPP_
