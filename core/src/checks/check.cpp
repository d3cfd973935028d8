#include "mirakuru/check.hpp"

#include <ostream>
#include <utility>

#include "checks/check_implementation.hpp"

namespace mirakuru {

Check::Check(std::shared_ptr<const detail::CheckImplementation> implementation)
    : implementation_(std::move(implementation)) {}

std::string Check::to_string() const {
  return implementation_->describe([](const std::string& text) { return text; });
}

std::ostream& operator<<(std::ostream& out, const Check& check) { return out << check.to_string(); }

}  // namespace mirakuru
