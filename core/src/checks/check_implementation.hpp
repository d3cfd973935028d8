// Implementation of a Check: its options, and the Probe that it makes. Each kind of check has its
// own file in this directory, with its constructor of Check: so a program that uses no HttpCheck is
// linked without libcurl.
#ifndef MIRAKURU_CORE_SRC_CHECKS_CHECK_IMPLEMENTATION_HPP_
#define MIRAKURU_CORE_SRC_CHECKS_CHECK_IMPLEMENTATION_HPP_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checks/probe.hpp"
#include "mirakuru/check.hpp"
#include "mirakuru/options.hpp"

namespace mirakuru::detail {

// Fills in the placeholders of a text, or leaves them, in a message that concerns no executor.
using Expand = std::function<std::string(const std::string& text)>;

class CheckImplementation {
 public:
  virtual ~CheckImplementation() = default;

  // Completes "waited for ...".
  virtual std::string describe(const Expand& expand) const = 0;
  // The texts that may contain placeholders.
  virtual std::vector<std::string> texts() const { return {}; }
  // Throws std::invalid_argument if the check cannot work with these options.
  virtual void validate(const Options& /*options*/) const {}
  virtual std::unique_ptr<Probe> make_probe(const ProbeContext& context) const = 0;
  // Where the service listens, if the check has an address with a port.
  virtual std::optional<Endpoint> endpoint() const { return std::nullopt; }
};

}  // namespace mirakuru::detail

#endif  // MIRAKURU_CORE_SRC_CHECKS_CHECK_IMPLEMENTATION_HPP_
