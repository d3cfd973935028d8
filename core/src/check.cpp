#include "mirakuru/check.hpp"

#include <ostream>

#include "check_definition.hpp"
#include "executor_state.hpp"

namespace mirakuru {

Check::Check(std::shared_ptr<const detail::CheckDefinition> definition)
    : definition_(std::move(definition)) {}

Check::Check(TcpCheck check) : Check(detail::define(std::move(check))) {}
Check::Check(HttpCheck check) : Check(detail::define(std::move(check))) {}
Check::Check(const OutputCheck& check) : Check(detail::define(check)) {}
Check::Check(FileCheck check) : Check(detail::define(std::move(check))) {}
Check::Check(UnixSocketCheck check) : Check(detail::define(std::move(check))) {}
Check::Check(CommandCheck check) : Check(detail::define(std::move(check))) {}
Check::Check(NotifyCheck check) : Check(detail::define(check)) {}
Check::Check(std::string description, std::function<bool()> ready)
    : Check(detail::define_callable(std::move(description), std::move(ready))) {}

std::string Check::to_string() const { return definition_->describe(nullptr); }

std::ostream& operator<<(std::ostream& out, const Check& check) { return out << check.to_string(); }

Check all_of(std::vector<Check> checks) { return Check(detail::define_all_of(std::move(checks))); }

Check any_of(std::vector<Check> checks) { return Check(detail::define_any_of(std::move(checks))); }

namespace detail {

std::string CheckDefinition::filled_in(const std::string& text, ExecutorState* subject) {
  return subject == nullptr ? text : subject->expand(text);
}

}  // namespace detail
}  // namespace mirakuru
