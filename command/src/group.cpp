#include "group.hpp"

#include <algorithm>
#include <exception>
#include <stdexcept>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "executor/executor_impl.hpp"
#include "executor/start_loop.hpp"

namespace mirakuru::command {

namespace {

// What {port}, {port:name} or {tmpdir} stands for.
std::string value_of(const SimpleExecutor& executor, const std::string& what) {
  if (what == "tmpdir") return executor.expand("{tmpdir}");
  return std::to_string(executor.port(what == "port" ? "" : what.substr(5)));
}

}  // namespace

struct Group::Member {
  ServiceDefinition definition;
  std::unique_ptr<SimpleExecutor> executor;
  std::size_t start = 0;  // its number in the loop, once it has an executor
  Progress::State state = Progress::State::waiting;
};

Group::~Group() = default;

Group::Group(std::vector<ServiceDefinition> definitions, Resolver outer)
    : outer_(std::move(outer)) {
  for (ServiceDefinition& definition : definitions) {
    if (find(definition.name) != nullptr) {
      throw std::invalid_argument(absl::StrCat("duplicate service '", definition.name, "'"));
    }
    members_.push_back(std::make_unique<Member>());
    members_.back()->definition = std::move(definition);
  }
  // Every round takes those whose dependencies have been taken.
  std::vector<std::string> taken;
  const auto is_taken = [&](const std::string& name) {
    return std::count(taken.begin(), taken.end(), name) > 0;
  };
  for (bool more = true; more;) {
    more = false;
    for (const auto& member : members_) {
      const ServiceDefinition& service = member->definition;
      for (const std::string& other : service.depends) {
        if (find(other) == nullptr) {
          throw std::invalid_argument(absl::StrCat(service.where_depends, "'", service.name,
                                                   "' depends on '", other,
                                                   "', which is not defined"));
        }
      }
      if (is_taken(service.name)) continue;
      if (std::all_of(service.depends.begin(), service.depends.end(), is_taken)) {
        taken.push_back(service.name);
        more = true;
      }
    }
  }
  std::vector<std::string> cycle;
  std::string where;
  for (const auto& member : members_) {
    if (is_taken(member->definition.name)) continue;
    if (cycle.empty()) where = member->definition.where_depends;
    cycle.push_back(member->definition.name);
  }
  if (!cycle.empty()) {
    throw std::invalid_argument(
        absl::StrCat(where, "circular dependency: ", absl::StrJoin(cycle, ", ")));
  }
}

Group::Member* Group::find(const std::string& name) const {
  for (const auto& member : members_) {
    if (member->definition.name == name) return member.get();
  }
  return nullptr;
}

void Group::start(StartObserver& observer) {
  detail::StartLoop loop;
  loop_ = &loop;
  try {
    while (!step()) {
      if (observer.cancels(progress())) throw StartCancelled();
      detail::WaitSet set;
      loop.wait_on(set);
      observer.wait_on(set);
      set.wait();
    }
    observer.cancels(progress());
  } catch (...) {
    loop_ = nullptr;
    loop = {};  // kills what is not ready
    for (auto it = started_.rbegin(); it != started_.rend(); ++it) {
      detail::impl_of(**it).stop_quietly();
    }
    started_.clear();
    throw;
  }
  loop_ = nullptr;
}

bool Group::step() {
  using State = Progress::State;
  for (bool more = true; more;) {
    more = false;
    for (const auto& member : members_) {
      const ServiceDefinition& service = member->definition;
      if (member->state == State::waiting &&
          std::all_of(service.depends.begin(), service.depends.end(),
                      [&](const auto& name) { return find(name)->state == State::ready; })) {
        // Not earlier: the ports of others may change until they are ready.
        member->executor =
            make_executor(service, [this](std::string_view text) { return resolve(text); });
        member->start = loop_->add(detail::impl_of(*member->executor));
        member->state = State::starting;
      }
    }
    loop_->step();
    if (loop_->first_error() != nullptr) std::rethrow_exception(loop_->first_error());
    for (const auto& member : members_) {
      if (member->state != State::starting ||
          loop_->state(member->start) != detail::StartLoop::State::ready) {
        continue;
      }
      member->state = State::ready;
      started_.push_back(member->executor.get());
      more = true;  // others may have waited for it
    }
  }
  return std::all_of(members_.begin(), members_.end(),
                     [](const auto& member) { return member->state == State::ready; });
}

std::vector<std::string> Group::stop() {
  std::vector<std::string> errors;
  for (auto it = started_.rbegin(); it != started_.rend(); ++it) {
    try {
      (*it)->stop();
    } catch (const ExecutorError& error) {
      errors.emplace_back(error.what());
    }
  }
  return errors;
}

std::string Group::resolve(std::string_view text) const {
  const std::string with_others = fill_in_other_services(
      text, [this](const std::string& name, const std::string& what) -> std::string {
        const Member* const member = find(name);
        if (member == nullptr) return "";
        if (member->executor == nullptr) {
          throw std::invalid_argument(absl::StrCat(
              "{", name, ".", what, "}: '", name,
              "' is not started yet; add it to \"depends\", or put it first on the command line"));
        }
        return value_of(*member->executor, what);
      });
  return outer_ ? outer_(with_others) : with_others;
}

std::vector<Progress> Group::progress() const {
  std::vector<Progress> progress;
  for (const auto& member : members_) {
    Progress one;
    one.name = member->definition.name;
    one.state = member->state;
    const detail::Start* const start =
        member->state == Progress::State::starting ? loop_->start(member->start) : nullptr;
    if (start != nullptr) {
      one.waited_for = start->waited_for();
      one.waited = start->waited();
      one.last_answer = start->last_answer();
    }
    progress.push_back(std::move(one));
  }
  return progress;
}

}  // namespace mirakuru::command
