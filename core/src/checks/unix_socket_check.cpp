#include <utility>

#include "absl/strings/str_cat.h"
#include "checks/check_implementation.hpp"
#include "checks/unix_socket_probe.hpp"

namespace mirakuru::detail {
namespace {

class UnixSocketImplementation : public CheckImplementation {
 public:
  explicit UnixSocketImplementation(UnixSocketCheck check) : check_(std::move(check)) {
    validate_socket_path(check_.path, "UnixSocketCheck");
  }

  std::string describe(const Expand& expand) const override {
    return absl::StrCat("the unix socket ", expand(check_.path), " to accept a connection");
  }
  std::vector<std::string> texts() const override { return {check_.path}; }
  std::unique_ptr<Probe> make_probe(const ProbeContext& context) const override {
    return std::make_unique<UnixSocketProbe>(context, context.expand(check_.path));
  }

 private:
  UnixSocketCheck check_;
};

}  // namespace

}  // namespace mirakuru::detail

namespace mirakuru {

Check::Check(UnixSocketCheck check)
    : Check(std::make_shared<detail::UnixSocketImplementation>(std::move(check))) {}

}  // namespace mirakuru
