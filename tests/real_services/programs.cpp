#include "programs.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <system_error>

namespace mirakuru::tests {
namespace {

// Debian installs PostgreSQL's programs outside of PATH, in a directory for each version. Some
// names on PATH are scripts that select a cluster of the machine.
std::vector<std::string> PostgresqlDirectories() {
  std::vector<std::string> directories;
  std::error_code none;
  for (const auto& version : std::filesystem::directory_iterator("/usr/lib/postgresql", none)) {
    directories.push_back(version.path() / "bin");
  }
  std::sort(directories.rbegin(), directories.rend());
  return directories;
}

std::vector<std::string> Directories() {
  std::vector<std::string> directories = PostgresqlDirectories();
  const char* path = std::getenv("PATH");
  std::istringstream parts(path == nullptr ? "" : path);
  for (std::string directory; std::getline(parts, directory, ':');)
    directories.push_back(directory);
  // For nginx; not on the PATH of an ordinary user.
  directories.emplace_back("/usr/sbin");
  return directories;
}

}  // namespace

std::string FindProgram(const std::string& name) {
  for (std::string path : Directories()) {
    path += "/" + name;
    if (access(path.c_str(), X_OK) == 0) return path;
  }
  return "";
}

std::string WhatIsMissing(const std::vector<Program>& programs) {
  std::string missing;
  for (const Program& program : programs) {
    if (!FindProgram(program.name).empty()) continue;
    missing.append(program.name).append(" is missing: install the package ");
    missing.append(program.package).append("\n");
  }
  return missing.empty() ? "" : missing + "(MIRAKURU_TEST_ALLOW_MISSING=1 skips the test)";
}

}  // namespace mirakuru::tests
