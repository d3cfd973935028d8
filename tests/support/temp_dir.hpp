// A temporary directory and its files.
#ifndef MIRAKURU_TESTS_SUPPORT_TEMP_DIR_HPP_
#define MIRAKURU_TESTS_SUPPORT_TEMP_DIR_HPP_

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

namespace mirakuru::tests {

class TempDir {
 public:
  TempDir() {
    std::string name = (std::filesystem::temp_directory_path() / "test-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp failed: " + name);
    path_ = name;
  }
  ~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

  std::vector<std::string> entries() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(path_)) {
      names.push_back(entry.path().filename().string());
    }
    return names;
  }

 private:
  std::string path_;
};

inline void WriteFile(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

// Empty if the file does not exist, or disappears while it is read, as in /proc.
inline std::string ReadFile(const std::string& path) {
  const std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The size of all files in the directory and below.
inline std::uint64_t BytesIn(const std::filesystem::path& directory) {
  std::uint64_t bytes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    std::error_code deleted_meanwhile;
    const std::uint64_t size = entry.is_regular_file() ? entry.file_size(deleted_meanwhile) : 0;
    if (!deleted_meanwhile) bytes += size;
  }
  return bytes;
}

}  // namespace mirakuru::tests

#endif  // MIRAKURU_TESTS_SUPPORT_TEMP_DIR_HPP_
