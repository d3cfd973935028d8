// The paths of the programs that the tests start, and the message if one is missing.
#ifndef MIRAKURU_TESTS_REAL_SERVICES_PROGRAMS_HPP_
#define MIRAKURU_TESTS_REAL_SERVICES_PROGRAMS_HPP_

#include <string>
#include <vector>

namespace mirakuru::tests {

struct Program {
  std::string name;
  std::string package;  // in Debian
};

// The full path; empty if it is missing.
std::string FindProgram(const std::string& name);

// A message for the user; empty if all of them are installed.
std::string WhatIsMissing(const std::vector<Program>& programs);

}  // namespace mirakuru::tests

#endif  // MIRAKURU_TESTS_REAL_SERVICES_PROGRAMS_HPP_
