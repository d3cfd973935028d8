#include <memory>
#include <stdexcept>
#include <utility>

#include "absl/strings/str_cat.h"
#include "checks/check_implementation.hpp"
#include "checks/file_probe.hpp"

namespace mirakuru::detail {
namespace {

class FileImplementation : public CheckImplementation {
 public:
  explicit FileImplementation(FileCheck check) : check_(std::move(check)) {
    if (check_.path.empty()) throw std::invalid_argument("FileCheck: the file name is empty");
  }

  std::string describe(const Expand& expand) const override {
    return absl::StrCat("the file ", expand(check_.path));
  }
  std::vector<std::string> texts() const override { return {check_.path}; }
  std::unique_ptr<Probe> make_probe(const ProbeContext& context) const override {
    return std::make_unique<FileProbe>(context.expand(check_.path));
  }

 private:
  FileCheck check_;
};

}  // namespace

}  // namespace mirakuru::detail

namespace mirakuru {

Check::Check(FileCheck check)
    : Check(std::make_shared<detail::FileImplementation>(std::move(check))) {}

}  // namespace mirakuru
