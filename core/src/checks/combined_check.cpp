#include <algorithm>
#include <stdexcept>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "checks/check_implementation.hpp"

namespace mirakuru::detail {
namespace {

enum class Wanted { all, any };

class CombinedProbe : public Probe {
 public:
  CombinedProbe(Wanted wanted, std::vector<std::unique_ptr<Probe>> probes)
      : wanted_(wanted), pending_(std::move(probes)) {}

  bool examine_before_start() override {
    bool known = true;
    for (const auto& probe : pending_) known = probe->examine_before_start() && known;
    return known;
  }

  std::optional<std::string> already_running() override {
    for (const auto& probe : pending_) {
      if (auto who = probe->already_running()) return who;
    }
    return std::nullopt;
  }

  void add_to(std::map<std::string, std::string>& environment) override {
    for (const auto& probe : pending_) probe->add_to(environment);
  }

  bool ready() override {
    // All pending ones are asked, so that a failure that any of them sees is reported at once.
    bool one_is_ready = false;
    for (auto probe = pending_.begin(); probe != pending_.end();) {
      const bool ready = (*probe)->ready();
      one_is_ready = one_is_ready || ready;
      probe = ready ? pending_.erase(probe) : probe + 1;
    }
    return wanted_ == Wanted::any ? one_is_ready : pending_.empty();
  }

  void wait_on(WaitSet& set) override {
    for (const auto& probe : pending_) probe->wait_on(set);
  }

  std::string last_answer() const override {
    return absl::StrJoin(pending_, "; ", [](std::string* out, const auto& probe) {
      out->append(probe->last_answer());
    });
  }

  bool met_foreign_process() const override {
    return std::any_of(pending_.begin(), pending_.end(),
                       [](const auto& probe) { return probe->met_foreign_process(); });
  }

 private:
  Wanted wanted_;
  std::vector<std::unique_ptr<Probe>> pending_;
};

class CombinedImplementation : public CheckImplementation {
 public:
  CombinedImplementation(Wanted wanted, std::vector<Check> checks)
      : wanted_(wanted), checks_(std::move(checks)) {
    if (checks_.empty()) {
      throw std::invalid_argument(wanted == Wanted::all ? "all_of: no check is given"
                                                        : "any_of: no check is given");
    }
  }

  std::string describe(const Expand& expand) const override {
    if (checks_.size() == 1) return checks_.front().implementation().describe(expand);
    return absl::StrCat(wanted_ == Wanted::all ? "all of: " : "any of: ",
                        absl::StrJoin(checks_, "; ", [&](std::string* out, const Check& check) {
                          out->append(check.implementation().describe(expand));
                        }));
  }

  std::vector<std::string> texts() const override {
    std::vector<std::string> all;
    for (const Check& check : checks_) {
      for (std::string& text : check.implementation().texts()) all.push_back(std::move(text));
    }
    return all;
  }

  void validate(const Options& options) const override {
    for (const Check& check : checks_) check.implementation().validate(options);
  }

  std::unique_ptr<Probe> make_probe(const ProbeContext& context) const override {
    std::vector<std::unique_ptr<Probe>> probes;
    for (const Check& check : checks_) {
      probes.push_back(check.implementation().make_probe(context));
    }
    return std::make_unique<CombinedProbe>(wanted_, std::move(probes));
  }

  std::optional<Endpoint> endpoint() const override {
    for (const Check& check : checks_) {
      if (auto endpoint = check.implementation().endpoint()) return endpoint;
    }
    return std::nullopt;
  }

 private:
  Wanted wanted_;
  std::vector<Check> checks_;
};

}  // namespace

}  // namespace mirakuru::detail

namespace mirakuru {

Check all_of(std::vector<Check> checks) {
  return Check(
      std::make_shared<detail::CombinedImplementation>(detail::Wanted::all, std::move(checks)));
}

Check any_of(std::vector<Check> checks) {
  return Check(
      std::make_shared<detail::CombinedImplementation>(detail::Wanted::any, std::move(checks)));
}

}  // namespace mirakuru
