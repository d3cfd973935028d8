// The arguments of these programs, of the form --name=value.
#ifndef MIRAKURU_TESTS_PROGRAMS_ARGUMENTS_HPP_
#define MIRAKURU_TESTS_PROGRAMS_ARGUMENTS_HPP_

#include <string>

inline std::string Argument(int argc, char** argv, const std::string& name,
                            const std::string& otherwise = {}) {
  const std::string prefix = name + "=";
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word.rfind(prefix, 0) == 0) return word.substr(prefix.size());
  }
  return otherwise;
}

#endif  // MIRAKURU_TESTS_PROGRAMS_ARGUMENTS_HPP_
