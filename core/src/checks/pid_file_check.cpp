#include <algorithm>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "checks/check_implementation.hpp"
#include "checks/file_probe.hpp"
#include "linux/proc.hpp"

namespace mirakuru::detail {
namespace {

class PidFileProbe : public FileProbe {
 public:
  PidFileProbe(std::string path, const ProbeContext& context)
      : FileProbe(std::move(path)), context_(context) {}

 protected:
  std::optional<std::string> objection() override {
    const std::optional<pid_t> pid = pid_in(path());
    if (!pid) return "it holds no pid yet";
    // A launcher may run the service in another pid namespace.
    if (context_.options().launcher) return std::nullopt;
    const std::vector<pid_t> tree = os::process_tree(context_.root_process());
    if (std::find(tree.begin(), tree.end(), *pid) == tree.end()) {
      return absl::StrCat("it names ", os::describe_process(*pid),
                          ", which is not a process of the service");
    }
    if (!os::alive(*pid)) return absl::StrCat("it names pid ", *pid, ", which has ended");
    return std::nullopt;
  }

 private:
  const ProbeContext& context_;
};

class PidFileImplementation : public CheckImplementation {
 public:
  explicit PidFileImplementation(PidFileCheck check) : check_(std::move(check)) {
    if (check_.path.empty()) throw std::invalid_argument("PidFileCheck: the file name is empty");
  }

  std::string describe(const Expand& expand) const override {
    return absl::StrCat("the pid file ", expand(check_.path));
  }
  std::vector<std::string> texts() const override { return {check_.path}; }
  std::unique_ptr<Probe> make_probe(const ProbeContext& context) const override {
    return std::make_unique<PidFileProbe>(context.expand(check_.path), context);
  }

 private:
  PidFileCheck check_;
};

}  // namespace

}  // namespace mirakuru::detail

namespace mirakuru {

Check::Check(PidFileCheck check)
    : Check(std::make_shared<detail::PidFileImplementation>(std::move(check))) {}

}  // namespace mirakuru
