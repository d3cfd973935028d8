#include "programs.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <system_error>

namespace mirakuru::tests {
namespace {

// Debian keeps PostgreSQL's programs out of PATH, one folder for each version; what PATH has for
// some of them is a script that chooses among the clusters of the machine.
std::vector<std::string> PostgresqlFolders() {
  std::vector<std::string> folders;
  std::error_code none;
  for (const auto& version : std::filesystem::directory_iterator("/usr/lib/postgresql", none)) {
    folders.push_back(version.path() / "bin");
  }
  std::sort(folders.rbegin(), folders.rend());
  return folders;
}

std::vector<std::string> Folders() {
  std::vector<std::string> folders = PostgresqlFolders();
  const char* path = std::getenv("PATH");
  std::istringstream parts(path == nullptr ? "" : path);
  for (std::string folder; std::getline(parts, folder, ':');) folders.push_back(folder);
  // nginx is there, which is not on the PATH of an ordinary user.
  folders.emplace_back("/usr/sbin");
  return folders;
}

}  // namespace

std::string FindProgram(const std::string& name) {
  for (std::string path : Folders()) {
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
