#include "mirakuru/check.hpp"

#include <ostream>
#include <utility>

#include "checks/check_implementation.hpp"
#include "executor/executor_state.hpp"

namespace mirakuru {

Check::Check(std::shared_ptr<const detail::CheckImplementation> definition)
    : definition_(std::move(definition)) {}

std::string Check::to_string() const { return definition_->describe(nullptr); }

std::ostream& operator<<(std::ostream& out, const Check& check) { return out << check.to_string(); }

namespace detail {

std::string CheckImplementation::filled_in(const std::string& text, ExecutorState* subject) {
  return subject == nullptr ? text : subject->expand(text);
}

}  // namespace detail
}  // namespace mirakuru
