// For the programs that the plugins' tests run: a service that is controlled by the test
// (../services/does_as_told.cpp).
#ifndef MIRAKURU_TESTS_SUPPORT_OBEDIENT_HPP_
#define MIRAKURU_TESTS_SUPPORT_OBEDIENT_HPP_

#include <cstdlib>
#include <string>
#include <vector>

#include "mirakuru/mirakuru.hpp"
#include "support/service.hpp"
#include "support/wait_until.hpp"

// An environment variable, by which the tests control these programs.
inline std::string Variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

inline mirakuru::Command Obedient(const std::string& name,
                                  const std::vector<std::string>& arguments = {}) {
  std::vector<std::string> words{mirakuru::tests::Service("does_as_told"), "--name=" + name,
                                 "--trace=" + Variable("TRACE")};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return words;
}

inline void Tell(mirakuru::SimpleExecutor& service, const std::string& order) {
  service.input().write(order + "\n");
}

// Returns when the text has been printed.
inline void TellToPrint(mirakuru::SimpleExecutor& service, const std::string& text) {
  Tell(service, "print " + text);
  service.output().wait_for(text);
}

// Returns when the service has ended.
inline void TellToEnd(mirakuru::SimpleExecutor& service, const std::string& order) {
  Tell(service, order);
  mirakuru::tests::WaitUntil([&] { return !service.running(); });
}

#endif  // MIRAKURU_TESTS_SUPPORT_OBEDIENT_HPP_
