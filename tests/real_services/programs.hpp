// Where the programs are that the tests start, and what a test says where one is missing.
#ifndef MIRAKURU_TESTS_REAL_SERVICES_PROGRAMS_HPP_
#define MIRAKURU_TESTS_REAL_SERVICES_PROGRAMS_HPP_

#include <string>
#include <vector>

namespace mirakuru::tests {

struct Program {
  std::string name;
  std::string package;  // Debian's
};

// Its whole path; empty where it is missing.
std::string FindProgram(const std::string& name);

// What to tell whoever runs the tests; empty where all of them are there.
std::string WhatIsMissing(const std::vector<Program>& programs);

}  // namespace mirakuru::tests

#endif  // MIRAKURU_TESTS_REAL_SERVICES_PROGRAMS_HPP_
