// Helpers of all fuzz targets.
#ifndef MIRAKURU_FUZZ_FUZZ_HPP_
#define MIRAKURU_FUZZ_FUZZ_HPP_

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

// One input, from libFuzzer or from run_files.cpp.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace mirakuru::fuzz {

// Asserts what must hold for every input. Otherwise the program aborts, and the input is a finding.
inline void require(bool holds, const std::string& what) {
  if (holds) return;
  std::fprintf(stderr, "this does not hold: %s\n", what.c_str());
  std::abort();
}

// Reads values from an input; zeros after its end.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size)
      : left_(reinterpret_cast<const char*>(data), size) {}

  bool empty() const { return left_.empty(); }
  std::uint8_t byte() {
    if (left_.empty()) return 0;
    const char c = left_.front();
    left_.remove_prefix(1);
    return static_cast<std::uint8_t>(c);
  }
  // Up to `size` of the remaining bytes.
  std::string_view bytes(std::size_t size) {
    const std::string_view taken = left_.substr(0, size);
    left_.remove_prefix(taken.size());
    return taken;
  }
  std::string_view rest() { return bytes(left_.size()); }

 private:
  std::string_view left_;
};

}  // namespace mirakuru::fuzz

#endif  // MIRAKURU_FUZZ_FUZZ_HPP_
